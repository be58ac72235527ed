"""Programs that tests need and that no Python package brings: named by their Debian package if missing."""

import os
import shutil
from pathlib import Path

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")


def browser() -> str | None:
    """The Chromium for browser tests: CHROMIUM, else the one on PATH."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def has_chinese_font() -> bool:
    return any(
        next(folder.glob(f"**/{pattern}"), None)
        for folder in FONT_FOLDERS
        for pattern in ("*CJK*", "*wqy*", "*SourceHanS*")
    )


def missing_packages() -> list[str]:
    """Debian packages to install before `make test`."""
    packages = [] if browser() else ["chromium"]
    return packages if has_chinese_font() else [*packages, "fonts-noto-cjk"]


def tools() -> int:
    """0 if all is there; else say what to install."""
    names = " ".join(missing_packages())
    if names:
        print(f"make test needs these Debian packages: {names}   (apt-get install {names})")
    return 1 if names else 0
