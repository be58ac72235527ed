"""Where things lie: the project, its state folder `var/`, and the environment that children get."""

import hashlib
import os
import secrets
import sys
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # no look-alikes: people type the demo password
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Places:
    """The state folder of one running house; two houses never share one."""

    var: Path

    @classmethod
    def chosen(cls) -> "Places":
        """The folder named by ONEGRID_VAR, else `var/` in the project."""
        return cls(Path(os.environ.get("ONEGRID_VAR") or PROJECT / "var").absolute())

    @property
    def mark(self) -> str:
        """What every process of this house carries in its environment, to be found again after a crash."""
        return hashlib.sha256(str(self.var.resolve()).encode()).hexdigest()[:16]

    @property
    def log(self) -> Path:
        return self.var / "log"

    @property
    def run(self) -> Path:
        return self.var / "run"

    def make(self) -> None:
        for folder in (self.var, self.log, self.run):
            folder.mkdir(parents=True, exist_ok=True)

    def environment(self) -> dict[str, str]:
        """This process's environment with the virtual environment's commands first and this house's mark."""
        bin_folder = str(Path(sys.executable).parent)
        path = os.environ.get("PATH", SYSTEM_PATH)
        return {
            **os.environ,
            "PATH": path if path.startswith(bin_folder + ":") else f"{bin_folder}:{path}",
            "ONEGRID_VAR": str(self.var),
            "ONEGRID_LAUNCH": self.mark,
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
        }


def adopt_demo() -> None:
    """Let a command typed without any setting speak to the demo that was started here."""
    if not {"ONEGRID_MODE", "DATABASE_URL", "SECRET_KEY"} & os.environ.keys():
        os.environ.update(read_lines(Places.chosen().var / "house.env"))


def read_lines(path: Path) -> dict[str, str]:
    """NAME=value lines of a file, or nothing if there is no such file."""
    if not path.exists():
        return {}
    rows = (line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {name: value for name, value in rows if not name.startswith("#")}


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    beside = path.with_suffix(path.suffix + ".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
    beside.replace(path)


def made_secrets(path: Path) -> dict[str, str]:
    """The demo's keys and passwords, made at the first start and read ever after."""
    kept = read_lines(path)
    fresh = {name: make for name, make in MADE.items() if name not in kept}
    if fresh:
        kept |= {name: make() for name, make in fresh.items()}
        write_private(path, "".join(f"{name}={value}\n" for name, value in kept.items()))
    return kept


def field_key() -> str:
    return "1:" + b64encode(secrets.token_bytes(32)).decode()


def demo_password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(3))


MADE = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "FIELD_KEYS": field_key,
    "DATABASE_OWNER_PASSWORD": lambda: secrets.token_hex(16),
    "DATABASE_PASSWORD": lambda: secrets.token_hex(16),
    "DEMO_PASSWORD": demo_password,
}
