"""Who acts in the simulated day: each person with an own token, over one kept connection to the HTTP API."""

import http.client
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

COUNTY = Path(__file__).resolve().parent / "county"
TRIES = 40
BETWEEN = 0.5  # seconds
# The receiver of the county's centre reads every row, restricted ones too.
READER = "chen.xia"
Body = dict[str, Any]


class Answer(NamedTuple):
    status: int
    body: Body

    @property
    def good(self) -> bool:
        return self.status < 300

    @property
    def said(self) -> str:
        return f"{self.status} {self.body.get('code', '')}"


class Wire:
    """The API at one address; what was lost on the way is sent again under the same key, so nothing doubles."""

    def __init__(self, base: str, pause: float = 0.0) -> None:
        self.place = urlsplit(base)
        self.pause = pause
        self.connection: http.client.HTTPConnection | None = None
        self.waited = 0  # how often the house asked to wait
        self.calls = 0
        self.date = ""  # what the house's clock said last

    def get(self, path: str, token: str = "", receipt: str = "") -> Answer:
        return self.call("GET", path, None, headers(token, receipt=receipt))

    def post(
        self, path: str, body: Body, key: str, token: str = "", receipt: str = "", language: str = "zh-hans"
    ) -> Answer:
        time.sleep(self.pause)
        return self.call("POST", path, body, headers(token, key, receipt) | {"Accept-Language": language})

    def call(self, method: str, path: str, body: Body | None, head: dict[str, str]) -> Answer:
        for _try in range(TRIES):
            try:
                answer, wait = self.once(method, path, body, head)
            except (OSError, http.client.HTTPException):
                self.connection, wait = None, BETWEEN
            if not wait:
                return answer
            self.waited += 1
            time.sleep(wait)
        raise SystemExit(f"{self.place.netloc} does not answer")

    def once(self, method: str, path: str, body: Body | None, head: dict[str, str]) -> tuple[Answer, float]:
        """The answer, and how long to wait before it is asked again (0: it is final)."""
        self.calls += 1
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.place.hostname or "", self.place.port or 80, timeout=30)
        sent = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        self.connection.request(method, f"/api/v1{path}", sent, head)
        got = self.connection.getresponse()
        text, self.date = got.read(), got.headers.get("Date", self.date)
        return Answer(got.status, parsed(text)), waiting(got, text)


def headers(token: str, key: str = "", receipt: str = "") -> dict[str, str]:
    given = {"Authorization": f"Bearer {token}" if token else "", "Idempotency-Key": key, "X-Receipt": receipt}
    head = {"Accept-Language": "zh-hans", "Content-Type": "application/json"}
    return head | {name: value for name, value in given.items() if value}


def parsed(text: bytes) -> Body:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def waiting(got: http.client.HTTPResponse, text: bytes) -> float:
    if got.status == 429:
        return float(got.headers.get("Retry-After") or BETWEEN)
    in_flight = got.status == 409 and parsed(text).get("code") == "in_flight"
    return BETWEEN if in_flight or got.status in (502, 503, 504) else 0.0


class Person(NamedTuple):
    name: str
    called: str
    unit: str
    area: str
    roles: tuple[str, ...]


class People:
    """The county's staff by unit and role; those with two posts are left out (whose hat would they wear?)."""

    def __init__(self, folder: Path = COUNTY) -> None:
        rows = [row for row in read(folder / "people.json") if len(row["postings"]) == 1]
        self.all = [person(row) for row in rows]
        self.units = {row["code"]: row for row in read(folder / "units.json")}
        self.codes: dict[str, str] = {
            row[name]: row["code"] for row in self.units.values() for name in ("name_zh", "name_en")
        }
        self.tokens: dict[str, str] = {}

    def of(self, unit: str, *roles: str) -> list[str]:
        """Names of those who hold one of these roles in this unit, in file order."""
        return [one.name for one in self.all if one.unit == unit and set(one.roles) & set(roles)]

    def called(self, name: str) -> str:
        """How the history calls this user."""
        return next(one.called for one in self.all if one.name == name)

    def can_handle(self, unit: str) -> bool:
        return bool(self.of(unit, "handler"))

    def acting(self) -> list[str]:
        """Everybody whom the day may need."""
        roles = {"receiver", "dispatcher", "checker", "duty_leader", "leader", "handler", "worker"}
        return [one.name for one in self.all if roles & set(one.roles)]

    def sign_in(self, file: Path | None = None) -> None:
        """Take each one's token from the file (name, tab, token), or have the house print them, all at once."""
        lines = file.read_text(encoding="utf-8") if file else printed(self.acting())
        self.tokens = dict(line.split("\t", 1) for line in lines.splitlines() if "\t" in line)


def person(row: Body) -> Person:
    posting = row["postings"][0]
    return Person(row["username"], row["name_zh"], posting["unit"], posting["area"], tuple(posting["roles"]))


def printed(names: list[str]) -> str:
    command = [sys.executable, "-m", "onegrid", "token", *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"no tokens: {done.stderr.strip()[-400:]}")
    return done.stdout


def read(path: Path) -> list[Body]:
    found: list[Body] = json.loads(path.read_text(encoding="utf-8"))
    return found
