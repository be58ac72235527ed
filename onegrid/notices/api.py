"""What the provider of text messages calls: signed with the secret that both know, never with a person's key."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from onegrid.kit.answers import Given, Problem, faults
from onegrid.notices import actions

router = Router(tags=["notices"])
LONGEST_NONCE = 80
MOST = 500


class GivenReceipt(Given):
    """What became of one message."""

    id: str = Field(min_length=1, max_length=80, description="The `id` under which the house handed it over")
    state: Literal["delivered", "undelivered"]
    code: str = Field(default="", max_length=80, description="The network's own word for it")


class GivenReceipts(Given):
    """Up to 500 in one call."""

    receipts: Annotated[list[GivenReceipt], Field(min_length=1, max_length=MOST)]


class Settled(Schema):
    """How many messages changed by it: told twice, a receipt changes nothing the second time."""

    changed: int


def signed(request: HttpRequest) -> str:
    """The nonce of a callback that our gateway signed; raises Problem for every other one, saying nothing more."""
    timestamp, nonce, given = (request.headers.get(f"X-{name}", "") for name in ("Timestamp", "Nonce", "Signature"))
    fits = 1 <= len(nonce) <= LONGEST_NONCE and nonce.isascii() and actions.signed_by_provider(
        timestamp=timestamp, nonce=nonce, body=request.body, signature_given=given
    )  # fmt: skip
    if not fits:
        raise Problem(401, "signature", _("The signature does not fit."))
    return nonce


@router.post("/receipts", response={200: Settled, **faults(401, 409)}, auth=signed)
def receipts(request: HttpRequest, given: GivenReceipts) -> Any:
    """Take delivery receipts; headers X-Timestamp, X-Nonce, X-Signature. The same nonce twice answers 409."""
    told = [actions.Receipt(one.id, one.state, one.code) for one in given.receipts]
    try:
        changed = actions.settle(nonce=str(request.auth), receipts=told)  # type: ignore[attr-defined]
    except actions.Replayed as error:
        raise Problem(409, "replayed", _("This callback was taken already.")) from error
    return {"changed": changed}
