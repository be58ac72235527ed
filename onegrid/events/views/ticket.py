"""The ticket with which a page opens its live rows: signed, good once, for 30 seconds."""

from django.conf import settings
from django.http import JsonResponse

from onegrid.events import queries
from onegrid.kit import chance, crypto
from onegrid.org import doors, roles
from onegrid.org.models import SignIn
from onegrid.org.rules.sight import Sight

SECONDS = 30
LANGUAGES = ("zh", "en")
SEEING = tuple(role for role in roles.POSTABLE if role not in roles.ADMINISTRATORS)


@doors.door(*SEEING, methods=("POST",))
def ticket(request: doors.Request) -> JsonResponse:
    """Hand out a ticket for what the reader may see now; the live process compares it with the rows each minute."""
    assert request.sign_in is not None
    carried = {
        "nonce": chance.token_bytes(12).hex(),
        "sign_in": request.sign_in.pk,
        "area": request.actor.area,
        "roles": sorted(request.actor.roles),
        "who": who(request.sign_in),
        "sight": Sight.of(request.actor).payload(),
    }
    signed = crypto.sign(carried, SECONDS, key=settings.SECRET_KEY.encode())
    seen = str(queries.last_step())
    return JsonResponse({"ticket": signed, "url": settings.STREAM_URL, "seconds": SECONDS, "last": seen})


def who(entry: SignIn) -> dict[str, list[str]]:
    """Name and unit in both languages: what others who may see the same event read beside it."""
    unit = entry.posting.unit if entry.posting else None
    return {
        language: [getattr(entry.user, f"name_{language}"), getattr(unit, f"name_{language}", "")]
        for language in LANGUAGES
    }
