"""One event: its present state as plain columns; what happened to it is in the steps."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Left, Length

from onegrid.events.models.category import Category, categories
from onegrid.events.workflow import EVENT, FINAL, SENIOR_LEVEL, STATES
from onegrid.kit import crypto
from onegrid.org import queries as org
from onegrid.org.scope import Scope

models.TextField.register_lookup(Length)
IS_OPEN = models.Q(closed_at__isnull=True)


class Event(models.Model):
    """A matter with one number for life; one or more voices reported it."""

    scope = Scope(
        area="area", town="town", units=("holder_id",), unit_lists=("unit_ids",), reporter="reporter_id",
        owner="owner_id", restricted="restricted", about="about_unit_ids",
    )  # fmt: skip

    number = models.TextField(db_collation="C")
    reported_area = models.TextField(db_collation="C", editable=False)
    area = models.TextField(db_collation="C")
    town = models.GeneratedField(
        expression=Left("area", 9), output_field=models.TextField(db_collation="C"), db_persist=True
    )
    state = models.TextField(db_collation="C", default=EVENT.start)
    category = models.TextField(db_collation="C", default="", blank=True)
    category_decided = models.BooleanField(default=False)
    level = models.SmallIntegerField(default=4)
    restricted = models.BooleanField(default=False)

    owner = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    handler = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    holder = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The lead unit that passed it on: accountable until the next one has signed, and it comes back there.
    passed_by = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    joined_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined", db_index=False)
    passes_through = models.BooleanField(default=False)
    parts_open = models.SmallIntegerField(default=0)
    unit_ids = ArrayField(models.BigIntegerField(), default=list)
    about_unit_ids = ArrayField(models.BigIntegerField(), default=list)
    about_office = models.BooleanField(default=False)
    reporter = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    refused_by = models.ForeignKey("org.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    resolved_by = models.ForeignKey("org.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    words = models.TextField(default="", blank=True)
    words_sealed = models.BinaryField(null=True)
    title = models.TextField(default="", blank=True)
    # Strangers read the title only while a person stands for it; another title is not released with it.
    title_released_at = models.DateTimeField(null=True)
    title_released_by = models.ForeignKey(
        "org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    address = models.TextField(default="", blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    c6 = models.BigIntegerField(null=True)
    c8 = models.BigIntegerField(null=True)
    located = models.TextField(default="none")

    voices = models.IntegerField(default=1)
    asks = models.SmallIntegerField(default=0)
    reviews = models.SmallIntegerField(default=0)
    objections = models.SmallIntegerField(default=0)
    extensions = models.SmallIntegerField(default=0)
    reworks = models.SmallIntegerField(default=0)
    reopened = models.SmallIntegerField(default=0)
    reason = models.TextField(default="", blank=True)
    result = models.TextField(default="", blank=True)
    solved = models.BooleanField(null=True)
    satisfied = models.TextField(default="", blank=True)
    # Finished where it was met or in the same call; `sampled` while a checker has still to look at it.
    spot = models.BooleanField(default=False)
    sampled = models.BooleanField(default=False)

    reported_at = models.DateTimeField(editable=False)
    happened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # Its time was over: nothing is left but leaf, place code, states and dates.
    erased_at = models.DateTimeField(null=True)
    clock_from = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    promised_by = models.DateTimeField(null=True)
    about = models.BooleanField(default=False)
    remind_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    # The columns as they were read under the lock; None where nothing was read.
    as_read: dict[str, Any] | None = None

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("number",), name="event_number"),
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="event_state_known"),
            models.CheckConstraint(condition=~IS_OPEN | models.Q(due_at__isnull=False), name="event_open_has_clock"),
            models.CheckConstraint(condition=~IS_OPEN | models.Q(holder__isnull=False), name="event_open_has_holder"),
            models.CheckConstraint(
                condition=models.Q(state__in=FINAL, closed_at__isnull=False)
                | models.Q(joined_into__isnull=False, closed_at__isnull=False)
                | (~models.Q(state__in=FINAL) & IS_OPEN),
                name="event_final_is_closed",
            ),
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=4), name="event_level"),
            models.CheckConstraint(
                condition=models.Q(area__length__gte=4, area__length__lte=17), name="event_area_length"
            ),
            models.CheckConstraint(
                condition=models.Q(restricted=False) | models.Q(words=""),
                name="event_restricted_words_sealed",
            ),
            models.CheckConstraint(
                condition=models.Q(title_released_at__isnull=True) | (models.Q(restricted=False) & ~models.Q(title="")),
                name="event_released_title",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True)
                | models.Q(
                    closed_at__isnull=False,
                    words="",
                    words_sealed__isnull=True,
                    title="",
                    address="",
                    result="",
                    lon__isnull=True,
                    lat__isnull=True,
                    c6__isnull=True,
                    c8__isnull=True,
                ),
                name="event_erased_is_empty",
            ),
        )
        indexes = (
            models.Index(fields=("holder", "due_at", "id", "state"), condition=IS_OPEN, name="event_holder_due"),
            models.Index(fields=("town", "due_at", "id", "state", "area"), condition=IS_OPEN, name="event_town_due"),
            models.Index(fields=("due_at", "id", "state", "area"), condition=IS_OPEN, name="event_due"),
            # A wall counts the open matters of its area from this index alone.
            models.Index(
                fields=("area", "state"),
                include=("due_at", "c8", "town", "restricted", "about_office", "joined_into", "about_unit_ids"),
                condition=IS_OPEN,
                name="event_area_state",
            ),
            models.Index(fields=("category", "due_at", "id", "area"), condition=IS_OPEN, name="event_category_due"),
            models.Index(fields=("handler", "due_at", "id", "state"), condition=IS_OPEN, name="event_handler_due"),
            GinIndex(fields=("unit_ids",), condition=IS_OPEN, name="event_units"),
            models.Index(fields=("lon", "lat"), condition=IS_OPEN, name="event_box"),
            models.Index(fields=("-reported_at", "-id", "area"), name="event_latest"),
            models.Index(fields=("town", "-reported_at", "-id", "area"), name="event_town_latest"),
            # Without it the reporter's arm of the scope keeps a department's lists from any index (13 ms, with it 0.6).
            models.Index(fields=("reporter",), condition=models.Q(reporter__isnull=False), name="event_reporter"),
            models.Index(fields=("owner", "closed_at", "id"), condition=models.Q(sampled=True), name="event_sampled"),
            models.Index(fields=("remind_at",), condition=models.Q(remind_at__isnull=False), name="event_remind"),
            models.Index(fields=("closed_at",), condition=models.Q(state="closed"), name="event_to_archive"),
            models.Index(
                fields=("joined_into",), condition=models.Q(joined_into__isnull=False), name="event_joined_into"
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def leaf(self) -> Category | None:
        """Its category as reference data, if it has one."""
        return categories().get(self.category)

    def columns(self) -> dict[str, Any]:
        """Every column that is written, by name."""
        fields = self._meta.concrete_fields
        return {field.attname: getattr(self, field.attname) for field in fields if not field.generated}

    def save_changes(self) -> None:
        """Write the columns that differ from `as_read`, all of them where nothing was read."""
        self.forget_release()
        now, read = self.columns(), self.as_read
        changed = None if read is None else [name for name, value in now.items() if value != read[name]]
        self.save(update_fields=changed)
        self.as_read = self.columns()

    def forget_release(self) -> None:
        """A title that was changed, or sealed with its matter, is released anew or not at all."""
        changed = self.as_read is not None and self.as_read["title"] != self.title
        if changed or self.restricted or not self.title:
            self.title_released_at, self.title_released_by_id = None, None

    @property
    def accountable_id(self) -> int | None:
        """Who answers for it now: the centre until a unit has signed, then that unit until it hands in or is relieved.

        First-receiver duty: who passes it on stays accountable until the next unit has signed.
        """
        if not self.is_open:
            return None
        if self.state == "assigned" and self.passed_by_id is not None:
            return self.passed_by_id
        return self.handler_id if self.state in ("handling", "suspended") else self.owner_id

    @property
    def standing(self) -> str:
        """The state, or `joined` for an event that another one speaks for."""
        return EVENT.standing(self)

    def centres_above(self) -> list[int]:
        """The centres over the present owner, the next one up first; none that the matter is about."""
        own, known = org.unit_by_id(self.owner_id), org.units()
        above = [pk for pk in org.centres_over(self.area) if own and len(known[pk].area) < len(own.area)]
        return [pk for pk in above if pk not in self.about_unit_ids]

    @property
    def approver_ids(self) -> tuple[int, ...]:
        """The centres whose leaders approve the end of a grave matter: the owner, and one more above per climb.

        A centre where no leader is posted is passed over, so that the decision never waits for nobody.
        """
        return tuple(self.led_ids()[: 1 + self.approval_climbs])

    def led_ids(self) -> list[int]:
        """The owning centre and those above, as far as a leader is posted there; the nearest first."""
        return [pk for pk in (self.owner_id, *self.centres_above()) if pk in org.led_units()]

    @cached_property
    def approval_climbs(self) -> int:
        """How often the open request for the end of this matter was left unanswered."""
        waiting = self.requests.filter(kind="pass_check", decided_at__isnull=True)
        return waiting.values_list("climbed", flat=True).first() or 0

    @property
    def waits_for_approval(self) -> bool:
        """Whether its end was asked for and a leader has still to decide."""
        if self.state != "checking" or self.level > SENIOR_LEVEL:
            return False
        return self.requests.filter(kind="pass_check", decided_at__isnull=True).exists()

    def reachable_voices(self) -> bool:
        """Whether anybody who reported it can be asked how it went."""
        return self.reports.filter(reachable=True).exists()

    def told(self) -> str:
        """What was reported, opened from its seal where the matter is restricted."""
        if self.words_sealed is None:
            return self.words
        return box().open(bytes(self.words_sealed), context=f"event.words:{self.number}")

    def keep_words(self, words: str) -> None:
        """Plain, or sealed when the matter is (or reads like) restricted."""
        self.words = "" if self.restricted else words
        self.words_sealed = box().seal(words, context=f"event.words:{self.number}") if self.restricted else None


def box() -> crypto.Box:
    return crypto.Box(settings.FIELD_KEYS)
