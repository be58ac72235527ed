"""The deeds of an assisting unit, and of those who decide about its part."""

from django.http import Http404, HttpResponse

from onegrid.events import actions
from onegrid.events.views import event as pages
from onegrid.events.views import photos, steps
from onegrid.events.workflow import PART
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import DISPATCHER, HANDLER, LEADER

PARTNERS = (HANDLER, DISPATCHER, LEADER)
ASKED = tuple(step.verb for step in PART.steps if step.asked_by)


@door(*PARTNERS, methods=("POST",))
@once
def take(request: Request, number: str, unit: str, verb: str) -> HttpResponse:
    """Take a step of the part of this unit."""
    if verb not in PART.verbs():
        raise Http404
    number, said = pages.known(number), steps.given(request)
    return steps.done(request, number, f"{verb}:{unit}", lambda: actions.take_part(
        actor=request.actor, number=number, unit=unit, verb=verb, version=steps.version(request), given=said,
        photos=photos.pictures(request),
    ))  # fmt: skip


@door(*PARTNERS, methods=("POST",))
@once
def ask_for(request: Request, number: str, unit: str, verb: str) -> HttpResponse:
    """Ask to be let go from the part."""
    if verb not in ASKED:
        raise Http404
    number, said = pages.known(number), steps.given(request)
    return steps.done(request, number, f"{verb}:{unit}", lambda: actions.ask_for_part(
        actor=request.actor, number=number, unit=unit, kind=verb, version=steps.version(request), given=said,
    ))  # fmt: skip


@door(*PARTNERS, methods=("POST",))
@once
def decide(request: Request, number: str, unit: str, verb: str) -> HttpResponse:
    """Grant or deny what an assisting unit asked for."""
    if verb not in ASKED:
        raise Http404
    number, grant = pages.known(number), request.POST.get("grant") == "yes"
    return steps.done(request, number, f"{verb}:{unit}", lambda: actions.decide_part(
        actor=request.actor, number=number, unit=unit, kind=verb, grant=grant, version=steps.version(request),
        words=request.POST.get("words", "").strip(),
    ))  # fmt: skip
