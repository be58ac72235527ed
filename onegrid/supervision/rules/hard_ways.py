"""What is open by law where the usual way has not ended a matter, and what happened to it on the list."""

from django.utils.translation import gettext_lazy as _

WAYS = {
    "analysis": _("joint analysis"),
    "mediation": _("people's mediation"),
    "adjudication": _("administrative adjudication"),
    "reconsideration": _("administrative reconsideration"),
    "court": _("court"),
    "arbitration": _("arbitration"),
    "petition": _("petition procedure"),
    "hearing": _("public hearing"),
    "higher": _("the level above"),
    "other": _("another way"),
}
STEP_LABELS = {
    "put_on": _("Entered on the list"),
    "review": _("Reviewed"),
    "hand_over": _("Leader in charge changed"),
    "take_off": _("Taken off the list"),
    "end": _("The matter ended"),
}
OUTCOMES = ("", "taken_off", "ended")
