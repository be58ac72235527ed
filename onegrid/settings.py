"""Every setting of OneGrid, read once from the environment; a wrong value stops the start. See .env.example."""

import os
import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("ONEGRID_VAR", BASE_DIR / "var"))


class WrongSetting(SystemExit):
    """The environment holds a value that cannot be used; the process must not start."""


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name) or default
    if value is None:
        raise WrongSetting(f"{name} is not set; see .env.example")
    return value


def boolean(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").lower()
    if value not in ("", "0", "1", "true", "false"):
        raise WrongSetting(f"{name} must be 1 or 0, not {value!r}")
    return default if value == "" else value in ("1", "true")


def integer(name: str, default: int) -> int:
    try:
        return int(os.environ.get(name) or default)
    except ValueError as error:
        raise WrongSetting(f"{name} must be a whole number") from error


def number(name: str, default: float) -> float:
    try:
        return float(os.environ.get(name) or default)
    except ValueError as error:
        raise WrongSetting(f"{name} must be a number") from error


def listing(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def here(host: str) -> bool:
    return host in ("127.0.0.1", "localhost", "::1")


def check_ways_out() -> None:
    """A way that cannot work, or that leads where it must not, stops the start."""
    strange = set(NOTICES_CHANNELS) - {"in_app", "console", "mail", "sms"}
    if strange:
        raise WrongSetting(f"NOTICES_CHANNELS: unknown {', '.join(sorted(strange))}")
    if "sms" in NOTICES_CHANNELS:
        address = urlsplit(NOTICES_SMS_URL)
        check_host("NOTICES_SMS_URL", address.hostname or "", secure=address.scheme == "https")
        if not (NOTICES_SMS_SECRET and NOTICES_SMS_KEY):
            raise WrongSetting("NOTICES_SMS_KEY and NOTICES_SMS_SECRET are needed to sign text messages")
        if NOTICES_SMS_TEMPLATES and not Path(NOTICES_SMS_TEMPLATES).is_file():
            raise WrongSetting("NOTICES_SMS_TEMPLATES names no file")
    if "mail" in NOTICES_CHANNELS:
        check_host("MAIL_HOST", MAIL_HOST, secure=MAIL_SECURITY in ("starttls", "ssl"))
        if MAIL_SECURITY not in ("starttls", "ssl", "none") or "@" not in MAIL_FROM:
            raise WrongSetting("MAIL_SECURITY must be starttls, ssl or none, and MAIL_FROM a mail address")


def base_map() -> tuple[list[list[str]], list[str]]:
    """Tiles of others under the areas: layers from below to above, each at one address or several; and their hosts."""
    layers = [several(one) for one in text("MAP_TILES", "").split()]
    if key := text("MAP_TIANDITU_KEY", ""):
        layers += [several(TIANDITU.format(layer=layer, key=key)) for layer in ("vec", "cva")]
    ways = [name for name in ("MAP_PMTILES", "MAP_TILES", "MAP_TIANDITU_KEY") if text(name, "")]
    if len(ways) > 1:
        raise WrongSetting(f"{' and '.join(ways)} are two base maps; set one")
    for address in (address for layer in layers for address in layer):
        check_tiles(address)
    hosts = [f"{urlsplit(one).scheme}://{urlsplit(one).netloc}" for layer in layers for one in layer]
    return layers, list(dict.fromkeys(hosts))


def several(address: str) -> list[str]:
    """The addresses that {0-7} or {a-d} in one stands for."""
    found = re.search(r"\{([0-9a-z])-([0-9a-z])\}", address)
    if not found:
        return [address]
    first, last = found.groups()
    if first > last:
        raise WrongSetting(f"MAP_TILES: {found[0]} counts backwards")
    return [address.replace(found[0], chr(one)) for one in range(ord(first), ord(last) + 1)]


def check_tiles(address: str) -> None:
    parts = urlsplit(address)
    left = re.sub(r"\{[zxy]\}", "", address)
    if not all(mark in address for mark in ("{z}", "{x}", "{y}")) or not parts.hostname or "{" in left:
        raise WrongSetting("MAP_TILES must be an address with {z}, {x} and {y}, and with {0-7} or {a-c} at most beside")
    # What could end a source of the policy, or begin another.
    if not re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", parts.netloc):
        raise WrongSetting("MAP_TILES: not a host")
    if parts.scheme != "https" and not (parts.scheme == "http" and here(parts.hostname)):
        raise WrongSetting("MAP_TILES: without TLS only on this machine")


def check_map() -> None:
    """Where the tiles lie on the earth is stated; what cannot be laid right is refused."""
    if MAP_SYSTEM not in ("wgs84", "cgcs2000", "gcj02"):
        raise WrongSetting("MAP_SYSTEM must be wgs84, cgcs2000 or gcj02; tiles in BD-09 have a grid of their own")
    if MAP_SYSTEM == "gcj02" and not text("MAP_TILES", ""):
        raise WrongSetting("MAP_SYSTEM=gcj02 is for MAP_TILES; Tianditu is CGCS2000, an archive must be WGS-84")
    if not 1 <= MAP_DEEPEST <= 22:
        raise WrongSetting("MAP_DEEPEST must be from 1 to 22")


# Known to agree with WGS-84 within some decimetres: CGCS2000.
TIANDITU = (
    "https://t{{0-7}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)


def check_geocoder() -> None:
    """Addresses leave the house by TLS only, and the system of the points that come back is known."""
    if GEOCODER_SYSTEM not in ("wgs84", "cgcs2000", "gcj02", "bd09"):
        raise WrongSetting("GEOCODER_SYSTEM must be wgs84, cgcs2000, gcj02 or bd09")
    parts = urlsplit(GEOCODER_URL)
    if GEOCODER_URL and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise WrongSetting("GEOCODER_URL must begin with https://")
    if parts.scheme == "http" and not here(parts.hostname or ""):
        raise WrongSetting("GEOCODER_URL: without TLS only on this machine")


def check_host(name: str, host: str, *, secure: bool) -> None:
    if not host or host not in NOTICES_HOSTS:
        raise WrongSetting(f"{name}: the host must stand in NOTICES_HOSTS")
    if not PRODUCTION and not here(host):
        raise WrongSetting(f"{name}: only production reaches a real provider; here it must be on this machine")
    if not secure and not here(host):
        raise WrongSetting(f"{name}: without TLS only on this machine")


def database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise WrongSetting("DATABASE_URL must begin with postgresql://")
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    return {
        "ENGINE": "onegrid.kit.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            "connect_timeout": 5,
            "server_side_binding": True,
            "prepare_threshold": 3,
            "options": "-c statement_timeout=5000 -c lock_timeout=2000 -c jit=off "
            # What is asked often lies in memory; the plans of the lists were measured with this.
            "-c random_page_cost=1.1 "
            "-c idle_in_transaction_session_timeout=15000",
        },
        "TEST": {"NAME": os.environ.get("TEST_DATABASE_NAME") or None},
    }


# MODE: "production" refuses demo accounts and default secrets; "demo" is what `make demo` starts; "test" is pytest.
MODE = text("ONEGRID_MODE", "test" if "PYTEST_VERSION" in os.environ else "production")
if MODE not in ("production", "demo", "test"):
    raise WrongSetting("ONEGRID_MODE must be production, demo or test")
PRODUCTION = MODE == "production"

TEST_SECRET = "only-for-tests-and-never-served-" + "x" * 40
SECRET_KEY = text("SECRET_KEY", TEST_SECRET if MODE == "test" else None)
FIELD_KEYS = dict(
    pair.split(":", 1)
    for pair in listing("FIELD_KEYS", "1:dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdCE=" if MODE == "test" else "")
)
if not FIELD_KEYS:
    raise WrongSetting("FIELD_KEYS is not set; see .env.example")

DEBUG = False
ALLOWED_HOSTS = listing("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,testserver,[::1]")
CSRF_TRUSTED_ORIGINS = listing("CSRF_TRUSTED_ORIGINS")
HTTPS = boolean("HTTPS", PRODUCTION)
TRUSTED_PROXIES = listing("TRUSTED_PROXIES")
PUBLIC_URL = text("PUBLIC_URL", "http://127.0.0.1:8000")
STREAM_URL = text("STREAM_URL", "http://127.0.0.1:8001/stream")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "onegrid.org",
    "onegrid.notices",
    "onegrid.gazetteer",
    "onegrid.events",
    "onegrid.supervision",
    "onegrid.territory",
    "onegrid.insight",
    "onegrid.public",
]
MIDDLEWARE = [
    "onegrid.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "onegrid.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "onegrid.middleware.HonestErrors",
]
ROOT_URLCONF = "onegrid.urls"
WSGI_APPLICATION = "onegrid.wsgi.application"
AUTH_USER_MODEL = "org.User"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/desk/"
APPEND_SLASH = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "onegrid" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "onegrid.middleware.house",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

DATABASES = {"default": database(text("DATABASE_URL", "postgresql://app:app@127.0.0.1:55432/onegrid"))}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
# Large letters and fewer choices on the pages of residents: "elder", or no cookie.
SIZE_COOKIE_NAME = "size"
LOCALE_PATHS = [BASE_DIR / "onegrid" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if MODE == "test"
    else ["django.contrib.auth.hashers.ScryptPasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# A process remembers which sign-in a cookie stands for; whether that still lives is asked of the database each time.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_CACHE_ALIAS = "sessions"
LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": LOCMEM},
    "sessions": {"BACKEND": LOCMEM, "LOCATION": "sessions", "OPTIONS": {"MAX_ENTRIES": 20_000}},
}
# Never in the session: what one process wrote there another would not see.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = False
SECURE_SSL_REDIRECT = HTTPS
# Without it a proxy that ends TLS and this process would send each other in circles.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 8

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "onegrid" / "static" / "collected"
STATICFILES_DIRS = [BASE_DIR / "onegrid" / "static" / "built"]
FILES_ROOT = Path(text("FILES_ROOT", str(VAR_DIR / "files")))
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

REACTIONS = "onegrid.reactions.REACTIONS"
# Ways out for messages; what leaves the house goes to a host of this list only.
NOTICES_CHANNELS = listing("NOTICES_CHANNELS", "in_app,console")
NOTICES_HOSTS = listing("NOTICES_HOSTS")
NOTICES_SECONDS = number("NOTICES_SECONDS", 10)
NOTICES_SMS_URL = text("NOTICES_SMS_URL", "")
NOTICES_SMS_KEY = text("NOTICES_SMS_KEY", "")
NOTICES_SMS_SECRET = text("NOTICES_SMS_SECRET", "")
NOTICES_SMS_SIGN = text("NOTICES_SMS_SIGN", "")
NOTICES_SMS_TEMPLATES = text("NOTICES_SMS_TEMPLATES", "")
MAIL_HOST = text("MAIL_HOST", "")
MAIL_PORT = integer("MAIL_PORT", 587)
MAIL_SECURITY = text("MAIL_SECURITY", "starttls")
MAIL_USER = text("MAIL_USER", "")
MAIL_PASSWORD = text("MAIL_PASSWORD", "")
MAIL_FROM = text("MAIL_FROM", "")
check_ways_out()
# The base map under the areas: an archive of our own, or tiles of others; without any the areas alone are drawn.
MAP_PMTILES = text("MAP_PMTILES", "")
MAP_LAYERS, MAP_HOSTS = base_map()
MAP_SYSTEM = text("MAP_SYSTEM", "wgs84")
MAP_DEEPEST = integer("MAP_DEEPEST", 18)
check_map()
# What its owner wants to be called, and the number under which the map may be shown to the public.
MAP_ATTRIBUTION = text("MAP_ATTRIBUTION", "")
MAP_APPROVAL = text("MAP_APPROVAL", "")
# After so many minutes without an acknowledgement the next leader on call is called.
ALERT_MINUTES = integer("ALERT_MINUTES", 10)
# County code that numbers carry and that stands in for reports without a place.
# An outside geocoder, asked from the desk's entry form only; none: the county's own places are all that is searched.
GEOCODER_URL = text("GEOCODER_URL", "")
GEOCODER_KEY = text("GEOCODER_KEY", "")
GEOCODER_SYSTEM = text("GEOCODER_SYSTEM", "gcj02")
check_geocoder()

COUNTY = text("COUNTY", "511502")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}, "procrastinate": {"level": "WARNING"}},
}
# X-Frame-Options is set by onegrid.middleware.SecurityHeaders on every answer.
SILENCED_SYSTEM_CHECKS = ["security.W002"]
