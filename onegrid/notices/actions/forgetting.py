"""What was said to somebody goes with the matter it was said about."""

from collections.abc import Collection

from django.db.models import Q

from onegrid.notices.models import Message


def forget_addresses(*, reports: Collection[int]) -> int:
    """Forget where messages to these voices went; returns how many still knew."""
    return Message.objects.filter(to_report__in=reports, address_sealed__isnull=False).update(address_sealed=None)


def forget_words(*, numbers: Collection[str], reports: Collection[int]) -> int:
    """Empty every message about these numbers or to these voices; that one went out, when and how, stays."""
    about = Message.objects.filter(Q(number__in=numbers) | Q(to_report__in=reports))
    return about.update(args={}, detail="", address_sealed=None)
