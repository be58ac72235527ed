"""What a change of a draft is called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KIND_LABELS: dict[str, str | Promise] = {
    "split": _("Split in two"),
    "merge": _("Merged"),
    "draw": _("Grid drawn"),
    "redraw": _("Edge moved"),
    "move": _("Moved to another village"),
    "change": _("Details changed"),
    "special": _("Special grid drawn"),
    "end": _("Special grid given up"),
}
