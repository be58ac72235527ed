"""The first words of a circular, said from its frozen figures; a person changes them before anybody reads them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onegrid.supervision.rules.figures import FEWEST, REST

DOORS: dict[str, str | Promise] = {
    "web": gettext_lazy("web page"), "phone": gettext_lazy("phone"), "visit": gettext_lazy("visit"),
    "letter": gettext_lazy("letter"), "station": gettext_lazy("village or community station"),
    "worker": gettext_lazy("grid worker"), "email": gettext_lazy("e-mail"), "alarm": gettext_lazy("alarm"),
    "api": gettext_lazy("connected system"), "import": gettext_lazy("import"), "": gettext_lazy("not known"),
}  # fmt: skip
MEASURE_LABELS: dict[str, str | Promise] = {
    "received": gettext_lazy("Received"), "accepted": gettext_lazy("Accepted"), "refused": gettext_lazy("Refused"),
    "ended": gettext_lazy("Closed"), "kept": gettext_lazy("Done in time"), "missed": gettext_lazy("Done late"),
    "open": gettext_lazy("Open when counted"), "late": gettext_lazy("Late when counted"),
    "rated": gettext_lazy("Rated"), "solved": gettext_lazy("Rated as solved"),
    "unsolved": gettext_lazy("Rated as not solved"), "satisfied": gettext_lazy("Satisfied"),
    "fair": gettext_lazy("So-so"), "dissatisfied": gettext_lazy("Dissatisfied"),
}  # fmt: skip
SECTION_LABELS: dict[str, str | Promise] = {
    "overview": gettext_lazy("Overall"), "handling": gettext_lazy("How matters were handled"),
    "problems": gettext_lazy("Problems"), "demands": gettext_lazy("What is asked of the units"),
}  # fmt: skip
NUMBERED: dict[str, str | Promise] = {
    "overview": gettext_lazy("1. Overall"), "handling": gettext_lazy("2. How matters were handled"),
    "problems": gettext_lazy("3. Problems"), "demands": gettext_lazy("4. What is asked of the units"),
}  # fmt: skip
FIRST = 3  # groups of leaves that are named in the text


def name_of(row: dict[str, Any], dimension: str) -> str:
    """The name of a row of the figures, as it was when it was counted, in the language of now."""
    if row["key"] == REST:
        return _("all others")
    if dimension == "door":
        return str(DOORS.get(row["key"], row["key"]))
    if not row["zh"]:
        return _("kind not decided yet") if not row["key"] else str(row["key"])
    return in_language(row)


def in_language(names: dict[str, Any]) -> str:
    english = (translation.get_language() or "").startswith("en")
    return str(names["en"] if english and names["en"] else names["zh"])


def first_words(figures: dict[str, Any], place: str, since: date, until: date, language: str) -> dict[str, str]:
    """Title and the four parts."""
    with translation.override(language):
        about = {"place": place, "since": day(since), "until": day(until)}
        return {
            "title": _("Circular on the matters of %(place)s, %(since)s to %(until)s") % about,
            "overview": said(overview(figures, about)),
            "handling": said(handling(figures)),
            "problems": said(problems(figures)),
            "demands": said(demands(figures)),
        }


def day(on: date) -> str:
    return date_format(on, "DATE_FORMAT")


def said(sentences: Iterable[str]) -> str:
    return "\n".join(one for one in sentences if one)


def overview(figures: dict[str, Any], about: dict[str, str]) -> list[str]:
    received = figures["totals"]["received"]
    return [
        _("Received in %(place)s from %(since)s to %(until)s: %(n)s.") % {**about, "n": received["count"]}
        + compared(received),
        _("By door: %(list)s.") % {"list": listed(figures["doors"], "door")} if figures["doors"] else "",
        _("Most frequent kinds: %(list)s.") % {"list": listed(figures["groups"][:FIRST], "group")}
        if figures["groups"]
        else "",
        sealed(received),
    ]


def compared(total: dict[str, Any]) -> str:
    """With the equally long period before; sealed matters are left out of it."""
    given = {"before": total["before"], "n": abs(total["difference"]), "percent": abs(total["percent"] or 0)}
    if not total["difference"]:
        return _(" As many as in the equally long period before.")
    if total["percent"] is None:
        more = _(" %(n)s more than in the equally long period before (%(before)s).")
        return (more if total["difference"] > 0 else _(" %(n)s fewer than in the equally long period before "
                                                       "(%(before)s).")) % given  # fmt: skip
    if total["difference"] > 0:
        return _(" %(n)s (%(percent)s%%) more than in the equally long period before (%(before)s).") % given
    return _(" %(n)s (%(percent)s%%) fewer than in the equally long period before (%(before)s).") % given


def sealed(total: dict[str, Any]) -> str:
    if total["sealed"]:
        return _("Sealed matters among them: %(n)s; they stand in the totals only.") % {"n": total["sealed"]}
    return _("Sealed matters: fewer than %(n)s, not counted here.") % {"n": FEWEST}


def listed(rows: list[dict[str, Any]], dimension: str, measure: str = "received") -> str:
    told = [_("%(name)s %(n)s") % {"name": name_of(row, dimension), "n": row[measure]} for row in rows]
    return _("; ").join(told)


def handling(figures: dict[str, Any]) -> list[str]:
    n = {name: total["count"] for name, total in figures["totals"].items()}
    told = [
        _("Accepted: %(accepted)s; refused: %(refused)s; ended: %(ended)s.") % n,
        _("Handed in and checked: %(checked)s, of these in time %(kept)s, late %(missed)s.")
        % {**n, "checked": n["kept"] + n["missed"]},
    ]
    if n["rated"]:
        told.append(_("Rated by those who reported: %(rated)s; solved %(solved)s, not solved %(unsolved)s; satisfied "
                      "%(satisfied)s, so-so %(fair)s, dissatisfied %(dissatisfied)s.") % n)  # fmt: skip
    return told


def problems(figures: dict[str, Any]) -> list[str]:
    n = {name: total["count"] for name, total in figures["totals"].items()}
    waiting = [row for row in figures["units"] if row["late"]]
    return [
        _("Open when counted: %(open)s, of these late: %(late)s.") % n,
        _("Late matters wait at (by name, no ranking): %(list)s.") % {"list": listed(waiting, "unit", "late")}
        if waiting
        else "",
        _("Rated as not solved: %(unsolved)s.") % n if n["unsolved"] else "",
    ]


def demands(figures: dict[str, Any]) -> list[str]:
    return [
        _("(1) Units with late matters say for each of them by when it will be done."),
        _("(2) What was rated as not solved is looked at again, and those who reported it are answered."),
        _("(3) Every unit confirms that it has read this circular."),
    ]
