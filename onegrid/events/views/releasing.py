"""What strangers may see of a matter: its title and its photos, released or taken back by the centre."""

from django.http import HttpResponse

from onegrid.events import actions
from onegrid.events.views import event as pages
from onegrid.events.views import steps
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import CHECKER, DISPATCHER, RECEIVER

RELEASING = (RECEIVER, DISPATCHER, CHECKER)


@door(*RELEASING, methods=("POST",))
@once
def title(request: Request, number: str) -> HttpResponse:
    """Let strangers read the title, as it stands in the form, or take it back."""
    number, shown = pages.known(number), request.POST.get("release") == "yes"
    return steps.done(request, number, "title", lambda: actions.release_title(
        actor=request.actor, number=number, release=shown, version=steps.version(request),
        title=request.POST.get("title") if shown else None,
    ))  # fmt: skip


@door(*RELEASING, methods=("POST",))
@once
def photo(request: Request, number: str, sha256: str) -> HttpResponse:
    """Let the public see a photo as it is, or take it back."""
    number, shown = pages.known(number), request.POST.get("release") == "yes"
    return steps.done(request, number, "photo", lambda: actions.release_photo(
        actor=request.actor, number=number, sha256=sha256, release=shown,
    ))  # fmt: skip
