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


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"MAP_TILES": "https://t.example/{z}/{x}/{y}.png", "MAP_TIANDITU_KEY": "k"}, "two base maps"),
        ({"MAP_TILES": "https://t.example/{z}/{x}/{y}.png", "MAP_PMTILES": "map.pmtiles"}, "two base maps"),
        ({"MAP_TILES": "https://t.example/{z}/{x}.png"}, "{z}, {x} and {y}"),
        ({"MAP_TILES": "https://t.example/{s}/{z}/{x}/{y}.png"}, "{0-7}"),
        ({"MAP_TILES": "https://t{7-0}.example/{z}/{x}/{y}.png"}, "counts backwards"),
        ({"MAP_TILES": "/tiles/{z}/{x}/{y}.png"}, "MAP_TILES"),
        ({"MAP_TILES": "http://t.example/{z}/{x}/{y}.png"}, "without TLS"),
        ({"MAP_TILES": "ftp://127.0.0.1/{z}/{x}/{y}.png"}, "without TLS"),
        ({"MAP_TILES": "https://t.example;script-src/{z}/{x}/{y}.png"}, "not a host"),
        ({"MAP_SYSTEM": "bd09"}, "a grid of their own"),
        ({"MAP_SYSTEM": "gcj02", "MAP_TIANDITU_KEY": "k"}, "Tianditu is CGCS2000"),
        ({"MAP_SYSTEM": "gcj02", "MAP_PMTILES": "map.pmtiles"}, "an archive must be WGS-84"),
        ({"MAP_DEEPEST": "40"}, "MAP_DEEPEST"),
    ],
)
def test_a_base_map_that_cannot_be_drawn_right_stops_the_start(given: dict[str, str], said: str) -> None:
    done = start(**given)
    assert done.returncode != 0
    assert said in done.stderr


def told(**given: str) -> list[str]:
    """How many addresses the first layer has, how many layers there are, and the hosts."""
    code = "from onegrid import settings as s; print(len(s.MAP_LAYERS[0]), len(s.MAP_LAYERS), *s.MAP_HOSTS)"
    environment = {"PATH": os.environ["PATH"], **GOOD, **given}
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=environment, capture_output=True, text=True,
                          check=True)  # fmt: skip
    return done.stdout.split()


def test_tiles_of_several_hosts_and_layers_are_read() -> None:
    assert told(MAP_TIANDITU_KEY="k") == ["8", "2", *(f"https://t{n}.tianditu.gov.cn" for n in range(8))]
    two = "https://{a-c}.t.example:8443/{z}/{x}/{y}.png https://n.example/{z}/{x}/{y}.png"
    hosts = [*(f"https://{one}.t.example:8443" for one in "abc"), "https://n.example"]
    assert told(MAP_TILES=two, MAP_SYSTEM="gcj02") == ["3", "2", *hosts]


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
