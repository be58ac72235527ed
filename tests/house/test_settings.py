"""Every setting that the code reads is explained in .env.example, and nothing else stands there."""

import os
import re
import subprocess
import sys

import pytest

from onegrid.launch.places import PROJECT

READERS = re.compile(
    r"""(?:\b(?:text|boolean|integer|number|listing)\(\s*|environ\.get\(\s*|environ\[)"([A-Z][A-Z_]+)\""""
)
# Read for their own sake: they belong to the system or to pytest, not to this house.
FOREIGN = {"PATH", "PYTEST_VERSION", "DJANGO_SETTINGS_MODULE", "ONEGRID_KILLS", "ONEGRID_NIGHTLY", "SEED"}
GOOD = {
    "ONEGRID_MODE": "production",
    "SECRET_KEY": "k" * 50,
    "FIELD_KEYS": "1:bm8tZmllbGQtaXMtc2VhbGVkLXdpdGgtdGhpcy1rZXk=",
    "DATABASE_URL": "postgresql://app@127.0.0.1:1/none",
}


def names_read() -> set[str]:
    sources = [PROJECT / "onegrid" / "settings.py", *(PROJECT / "onegrid" / "launch").glob("*.py")]
    return {name for path in sources for name in READERS.findall(path.read_text(encoding="utf-8"))} - FOREIGN


def names_explained() -> set[str]:
    text = (PROJECT / ".env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^#?([A-Z][A-Z_]+)=", text, re.MULTILINE))


def start(**changes: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **GOOD, **changes}
    command = [sys.executable, "-c", "import onegrid.settings"]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)


def test_example_explains_every_setting_and_no_other() -> None:
    indirect = {"SECRET_KEY", "FIELD_KEYS", "DEMO_PASSWORD"}  # the launcher reads them by a list of names
    assert names_explained() == names_read() | indirect


def test_good_settings_start() -> None:
    done = start()
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ONEGRID_MODE", "develop"),
        ("SECRET_KEY", ""),
        ("FIELD_KEYS", ""),
        ("DATABASE_URL", "sqlite:///x"),
        ("HTTPS", "perhaps"),
    ],
)
def test_wrong_value_stops_the_start_and_names_the_setting(name: str, value: str) -> None:
    done = start(**{name: value})
    assert done.returncode != 0
    assert name in done.stderr


SMS = {
    "NOTICES_CHANNELS": "in_app,sms", "NOTICES_HOSTS": "sms.example", "NOTICES_SMS_URL": "https://sms.example/send",
    "NOTICES_SMS_KEY": "onegrid", "NOTICES_SMS_SECRET": "s" * 30,
}  # fmt: skip
MAIL = {
    "NOTICES_CHANNELS": "mail", "NOTICES_HOSTS": "mail.example", "MAIL_HOST": "mail.example",
    "MAIL_FROM": "OneGrid <onegrid@county.example>",
}  # fmt: skip


@pytest.mark.parametrize("ways", [SMS, MAIL])
def test_ways_out_start_in_production(ways: dict[str, str]) -> None:
    done = start(**ways)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "changed",
    [
        SMS | {"ONEGRID_MODE": "demo"},
        SMS | {"NOTICES_HOSTS": ""},
        SMS | {"NOTICES_SMS_URL": "http://sms.example/send"},
        SMS | {"NOTICES_SMS_SECRET": ""},
        SMS | {"NOTICES_SMS_TEMPLATES": "/nowhere.json"},
        SMS | {"NOTICES_CHANNELS": "in_app,pigeon"},
        MAIL | {"MAIL_SECURITY": "none"},
        MAIL | {"MAIL_SECURITY": "perhaps"},
        MAIL | {"MAIL_FROM": ""},
        MAIL | {"NOTICES_HOSTS": "other.example"},
    ],
)
def test_a_way_out_that_cannot_work_or_leads_astray_stops_the_start(changed: dict[str, str]) -> None:
    """A demonstration or a test never reaches a real provider; nothing goes out without TLS or to a host unnamed."""
    done = start(**changed)
    assert done.returncode != 0
    assert "NOTICES_" in done.stderr or "MAIL_" in done.stderr
