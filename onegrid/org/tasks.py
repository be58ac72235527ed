"""Jobs of this room: forget what was kept long enough."""

from django.core.management import call_command

from onegrid.kit import later
from onegrid.org import actions


@later.every("23 * * * *")
def forget_addresses() -> None:
    actions.forget_addresses()


@later.every("37 * * * *")
def forget_uploads() -> None:
    """Files that were uploaded more than a day ago."""
    actions.forget_uploads()


@later.every("20 18 * * *")
def forget_answers() -> None:
    """Answers to repeated requests after 30 days (02:20 in China)."""
    actions.forget_answers()


@later.every("22 18 * * *")
def forget_imports() -> None:
    """Reports on files after 30 days."""
    actions.forget_imports()


@later.every("25 18 * * *")
def forget_sign_ins() -> None:
    """Ended sessions and failed logins after 30 days."""
    actions.forget_sign_ins()
    call_command("clearsessions")
