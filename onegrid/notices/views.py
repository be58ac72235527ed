"""One's own page: by which ways to be told of what, and when not."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onegrid.kit import chance
from onegrid.notices import actions, queries
from onegrid.notices.models import OUTSIDE, Preference
from onegrid.notices.rules.kinds import GROUPS
from onegrid.notices.rules.words import STATE_LABELS, WAY_LABELS
from onegrid.org.doors import Request, door, once

HOME = "notices:preferences"
ABOUT: dict[str, str | Promise] = {
    "sms": gettext_lazy("Phone for text messages"),
    "mail": gettext_lazy("Mail address"),
}


@dataclass(frozen=True)
class Way:
    """One way as the page shows it."""

    name: str
    label: str
    address_label: str
    masked: str
    typed: str
    fault: str
    works: bool


@door(methods=("GET", "POST"))
@once
def preferences(request: Request) -> HttpResponse:
    """Show the wish, or keep another; what is wrong stands at its field, and nothing typed is lost."""
    if request.method != "POST":
        return page(request)
    version = request.POST.get("version", "")
    read = int(version) if version.isdecimal() else 0
    try:
        actions.prefer(actor=request.actor, wish=wish_of(request.POST), version=read)
    except actions.NotGiven as error:
        return page(request, faults=error.fields, status=422)
    except actions.Stale:
        changed = _("You changed this in another window. Here is how it stands now.")
        return page(request, faults={"version": changed}, status=409)
    return redirect(f"{reverse(HOME)}?kept=1")


def wish_of(given: QueryDict) -> actions.Wish:
    return actions.Wish(
        addresses={way: given.get(f"{way}_address", "") for way in OUTSIDE},
        remove=frozenset(way for way in OUTSIDE if given.get(f"{way}_remove")),
        ways={group: [way for way in OUTSIDE if given.get(f"{group}_{way}")] for group in GROUPS},
        quiet_from=moment(given.get("quiet_from", "")),
        quiet_until=moment(given.get("quiet_until", "")),
    )


def moment(given: str) -> time | None:
    try:
        return time.fromisoformat(given)
    except ValueError:
        return None


def page(request: Request, *, faults: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    kept = queries.preference(request.actor) or Preference(version=0)
    wish = wish_of(request.POST) if status == 422 else None
    shown: dict[str, Any] = {
        "ways": [way_of(name, kept, wish, faults or {}) for name in ("sms", "mail")],
        "groups": [group_row(name, kept, wish) for name in GROUPS],
        "quiet_from": (wish or kept).quiet_from, "quiet_until": (wish or kept).quiet_until,
        "version": kept.version, "faults": faults or {}, "idempotency_key": chance.base32(26),
        "lately": [(row, WAY_LABELS[row.channel], STATE_LABELS[row.state])
                   for row in queries.lately_outside(request.actor)],
        "just_kept": status == 200 and "kept" in request.GET,
    }  # fmt: skip
    return render(request, "notices/preferences.html", shown, status=status)


def way_of(name: str, kept: Preference, wish: actions.Wish | None, faults: dict[str, str]) -> Way:
    masked = {"sms": kept.phone_masked, "mail": kept.mail_masked}[name]
    typed = wish.addresses[name] if wish else ""
    works = name in settings.NOTICES_CHANNELS
    return Way(name, str(WAY_LABELS[name]), str(ABOUT[name]), masked, typed, faults.get(name, ""), works)


def group_row(name: str, kept: Preference, wish: actions.Wish | None) -> dict[str, Any]:
    """One group of kinds with what is chosen for each way."""
    chosen = wish.ways[name] if wish else kept.ways.get(name, [])
    return {"name": name, "label": str(GROUPS[name]), "ways": [(way, way in chosen) for way in ("sms", "mail")]}
