"""Reply templates are data: loaded from a file, and kept by the centre whose place they are for."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.actions.given import MAX_TITLE, MAX_WORDS, NotGiven
from onegrid.events.models import ReplyTemplate
from onegrid.events.rules import filling
from onegrid.events.workflow import STATES
from onegrid.kit import chance, text
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org import actions as org
from onegrid.org.roles import DISPATCHER, LEADER, Actor
from onegrid.org.rules import closed_list

REPLY_VERBS = ("ask", "refuse", "tell", "resolve", "finish_on_the_spot", "extend", "suspend", "void")
TEXTS = {"name_zh": MAX_TITLE, "name_en": MAX_TITLE, "words_zh": MAX_WORDS, "words_en": MAX_WORDS}
COUNTY_DIGITS = 6


def may_keep(actor: Actor, area: str) -> Refusal | None:
    """A centre keeps the words for its own place; those for everywhere belong to the county's centre."""
    if not actor.at_centre or not actor.has(DISPATCHER, LEADER):
        return Refusal("role", _("The centre's dispatcher or leader keeps the templates."))
    everywhere = not area and len(actor.area) <= COUNTY_DIGITS
    if not everywhere and not (area and area.startswith(actor.area)):
        return Refusal("unit", _("These words are for a wider place; its centre keeps them."))
    return None


@transaction.atomic
def keep_template(
    *, actor: Actor, given: dict[str, Any], template_id: int | None = None, version: int | None = None
) -> ReplyTemplate:
    """Write a template, new or changed; raises NotAllowed, NotGiven, ReplyTemplate.DoesNotExist."""
    rows = ReplyTemplate.objects.select_for_update()
    area = actor.area if len(actor.area) > COUNTY_DIGITS else ""
    row = rows.get(pk=template_id) if template_id is not None else ReplyTemplate(area=area, code="", version=0)
    refusal = may_keep(actor, row.area)
    if refusal is not None:
        raise NotAllowed(refusal)
    if template_id is not None and version != row.version:
        raise NotAllowed(Refusal("version", _("Somebody else has changed this template; read it again.")))
    for name, value in checked(given).items():
        setattr(row, name, value)
    row.code, row.version = row.code or chance.base32(10).lower(), row.version + 1
    row.save()
    org.record(actor, "template_kept", "reply_template", row.pk, code=row.code)
    queries.forget_reference()
    return row


def checked(given: dict[str, Any]) -> dict[str, Any]:
    """Every field tidied; raises NotGiven with all that is wrong at once."""
    faults: dict[str, str] = {}
    clean: dict[str, Any] = {"active": bool(given.get("active", True)), "category": given.get("category", "")}
    for name, longest in TEXTS.items():
        clean[name] = text.tidy(str(given.get(name, "")))
        if fault := text_fault(clean[name], longest) or filling.faults(clean[name]) or closed_list.refuse(clean[name]):
            faults[name] = fault
    if clean["category"] and clean["category"] not in queries.categories():
        faults["category"] = _("Choose a category from the list.")
    for name, known in (("verbs", REPLY_VERBS), ("states", STATES)):
        clean[name] = [one for one in known if one in given.get(name, ())]
    if not clean["verbs"]:
        faults["verbs"] = _("Choose at least one step for which these words are meant.")
    if faults:
        raise NotGiven(faults)
    return clean


def text_fault(value: str, longest: int) -> str:
    if not value:
        return _("This is needed.")
    return _("At most %(n)s characters.") % {"n": longest} if len(value) > longest else ""


@transaction.atomic
def load_templates(*, templates: list[dict[str, Any]]) -> int:
    """Write every row of the file under its area and code; what a centre wrote itself stays as it is."""
    for at, row in enumerate(templates, start=1):
        try:
            clean = checked(row)
        except NotGiven as wrong:
            raise ValueError(f"templates.json row {at}: {wrong}") from wrong
        key = {"area": row.get("area", ""), "code": row["code"]}
        ReplyTemplate.objects.update_or_create(**key, defaults=clean)
    queries.forget_reference()
    return len(templates)
