"""`make check`: every tool that reads the code without running it."""

import subprocess
import sys
import time
from pathlib import Path

from onegrid.launch.places import PROJECT, Places
from onegrid.launch.prepare import NO_SECRETS

PRODUCTION = {
    "ONEGRID_MODE": "production",
    "SECRET_KEY": "a-long-key-of-many-letters-only-to-run-the-check-of-a-production-start-0123456789",
    "ALLOWED_HOSTS": "onegrid.example",
    "CSRF_TRUSTED_ORIGINS": "https://onegrid.example",
    "PUBLIC_URL": "https://onegrid.example",
    "STREAM_URL": "https://onegrid.example/stream",
}


def checks() -> dict[str, list[str]]:
    """The commands by name, quick ones first."""
    bin_folder = Path(sys.executable).parent
    manage = [sys.executable, "-m", "onegrid"]
    templates = [str(path) for path in sorted(PROJECT.glob("onegrid/**/templates"))]
    tools = {
        "ruff": ["ruff", "check", "."],
        "ruff format": ["ruff", "format", "--check", "."],
        "lint-imports": ["lint-imports"],
        "bandit": ["bandit", "-q", "-r", "onegrid", "-c", "pyproject.toml"],
        "djlint": ["djlint", "--lint", "--quiet", *templates],
        "mypy": ["mypy"],
    }
    return {name: [str(bin_folder / words[0]), *words[1:]] for name, words in tools.items()} | {
        "translations": [sys.executable, "-m", "onegrid.launch", "messages", "check"],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "deploy": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
    }


def check() -> int:
    """Run all, also after a failure, so that one run shows every fault; 1 if any failed."""
    failed = [name for name, command in checks().items() if not passes(name, command)]
    print(f"make check: {'failed: ' + ', '.join(failed) if failed else 'all passed'}", flush=True)
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    began = time.monotonic()
    environment = Places.chosen().environment() | NO_SECRETS | (PRODUCTION if name == "deploy" else {})
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    good = done.returncode == 0
    print(f"{'ok    ' if good else 'FAILED'} {name:<14} {time.monotonic() - began:5.1f} s", flush=True)
    if not good:
        print(done.stdout[-6000:] + done.stderr[-6000:], flush=True)
    return good
