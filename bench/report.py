"""The tables: what was measured, beside the peer's given figures and the targets."""

from datetime import UTC, datetime
from pathlib import Path

from bench import machine
from bench.measure import SLOWEST_MS, Figures

RESULTS = Path(__file__).resolve().parent / "results"
PEER = """Signalen (Amsterdam), given figures, 2 cores, 100,000 reports: statements, CPU ms web + database, requests/s
  create a report    47, and 4 background tasks   49 + 39 (+ 100)   23
  list of 20         113                          153 + 109          7.6
  detail             20                           33 + 36           29
  change status      41                           48 + 43           22
  map, box of 130    2                            12 in all (kept connections)  66
  text search        needs Elasticsearch"""
HEAD = (
    "row statements  CPU ms web +   db =  all   Signalen  target   times    req/s  p95 ms"
    "  of bare: prepared / not  bare CPU ms: db, psycopg"
)


def line(one: Figures) -> str:
    """One row of the table."""
    row, middle, slow = one.row, one.logged.middle, one.outcome.quantile(0.95)
    cpu = f"{one.web_ms:10.2f} +{one.database_ms:5.2f} ={one.cpu_ms:6.2f}"
    words = f"{'met' if one.met() else 'NOT MET'}  {row.words}"
    return (
        f"{row.name}  {middle:3d} ≤ {row.statements:2d} {cpu}  {target(one)}  {one.outcome.rate:7.1f} {slow:7.1f}"
        f"  {bare(one):44s}  {words}"
    )


def target(one: Figures) -> str:
    row = one.row
    if not row.times:
        return f"     p95 ≤ {SLOWEST_MS} ms one by one"
    return f"{row.peer_ms:5.0f} ms  ≤{row.target_ms:4.1f} ms {row.peer_ms / one.cpu_ms:5.0f} ×"


def bare(one: Figures) -> str:
    """Our rate as a share of the bare statements' rate, and what those cost."""
    fast, plain, rate = one.prepared, one.plain, one.outcome.rate
    if fast is None or plain is None:
        return ""
    failed = f" ({fast.failed + plain.failed} failed)" if fast.failed + plain.failed else ""
    return (
        f"{rate / fast.rate:10.0%} / {rate / plain.rate:4.0%}  {fast.database_ms:12.2f}, {fast.client_ms:.2f}{failed}"
    )


def written(events: int, seconds: float, figures: list[Figures], notes: list[str], load: str) -> Path:
    """Print the report and keep it under results/, named by day and commit; returns the file."""
    commit = machine.commit()
    lines = [
        f"bench --events {events}, commit {commit}, {datetime.now(UTC):%Y-%m-%d %H:%M}",
        f"{machine.described()}; load average before: {load}; whole run {seconds:.0f} s",
        *notes, "", *PEER.splitlines(), "", HEAD, *(line(one) for one in figures),
    ]  # fmt: skip
    text = "\n".join(lines)
    print(text)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{datetime.now(UTC):%Y-%m-%d}-{commit}-{events}.txt"
    path.write_text(text + "\n", encoding="utf-8")
    return path
