"""Areas and grids, units, people and their postings, the trail, and what signing in needs."""

from datetime import date, datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Range
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from onegrid.kit import clock
from onegrid.kit.reference import reference
from onegrid.org import roles
from onegrid.org.scope import SEALED, Scope


def in_reader_language(name_zh: str, name_en: str) -> str:
    """Choose the name in the reader's language; the Chinese one when no English one is known."""
    return name_en if name_en and (translation.get_language() or "").startswith("en") else name_zh


# Codes are ordered byte by byte (db_collation="C"), so that "inside an area" is a range on every server.
class Area(models.Model):
    """A place in the code tree (6, 9, 12 digits for county, town, village) or a grid below it."""

    PROVINCE, CITY, COUNTY, TOWN = "province", "city", "county", "town"
    VILLAGE, GRID, SPECIAL = "village", "grid", "special"
    KINDS = (
        (PROVINCE, _("province")),
        (CITY, _("city")),
        (COUNTY, _("county")),
        (TOWN, _("town")),
        (VILLAGE, _("village")),
        (GRID, _("grid")),
        (SPECIAL, _("special grid")),
    )

    code = models.TextField(db_collation="C")
    kind = models.TextField(choices=KINDS)
    name_zh = models.TextField()
    name_en = models.TextField(default="", blank=True)
    parent = models.TextField(db_collation="C", default="", blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    # GeoJSON geometry, WGS-84.
    boundary = models.JSONField(null=True)
    # The same as WKB: a city is loaded from it in a tenth of the time. Emptied when the boundary changes alone.
    outline = models.BinaryField(null=True)
    # The one village that has the rights over a special grid.
    home = models.TextField(db_collation="C", default="", blank=True)
    valid_from = models.DateField(default=date(2000, 1, 1))
    valid_until = models.DateField(null=True)
    zone = models.TextField(default="Asia/Shanghai")
    # What residents dial: who serves this area, who watches over the service; empty: as in the area above.
    phone = models.TextField(default="", blank=True)
    supervision_phone = models.TextField(default="", blank=True)
    households = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code"], name="org_area_code"),
            models.CheckConstraint(condition=Range(Length("code"), (2, 17)), name="org_area_code_length"),
            models.CheckConstraint(
                condition=Q(kind__in=["province", "city", "county", "town", "village", "grid", "special"]),
                name="org_area_kind",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("valid_from")),
                name="org_area_validity",
            ),
        )
        indexes = (models.Index(fields=["parent"], name="org_area_parent"),)

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"

    @property
    def name(self) -> str:
        return in_reader_language(self.name_zh, self.name_en)


class Unit(models.Model):
    """An office that can hold an event: a centre, department, station, village committee or contractor."""

    CENTRE, DEPARTMENT, STATION = "centre", "department", "station"
    VILLAGE, CONTRACTOR = "village", "contractor"
    KINDS = (
        (CENTRE, _("centre")),
        (DEPARTMENT, _("department")),
        (STATION, _("station")),
        (VILLAGE, _("village committee")),
        (CONTRACTOR, _("contractor")),
    )

    code = models.TextField(db_collation="C")
    name_zh = models.TextField()
    name_en = models.TextField(default="", blank=True)
    kind = models.TextField(choices=KINDS)
    area = models.TextField(db_collation="C")
    employer = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="contractors")
    phone = models.TextField(default="", blank=True)
    # Where it sits, WGS-84; nothing: the middle of its area stands for it.
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code"], name="org_unit_code"),
            models.CheckConstraint(
                condition=Q(kind__in=["centre", "department", "station", "village", "contractor"]),
                name="org_unit_kind",
            ),
        )
        indexes = (models.Index(fields=["area", "kind"], name="org_unit_area"),)

    def __str__(self) -> str:
        return self.name_zh

    @property
    def name(self) -> str:
        return in_reader_language(self.name_zh, self.name_en)


class User(AbstractBaseUser):
    """One person's account; what it may do comes only from its postings."""

    scope: ClassVar[Scope] = SEALED

    username = models.TextField(db_collation="C")
    name_zh = models.TextField()
    name_en = models.TextField(default="", blank=True)
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)
    language = models.TextField(default="zh-hans")
    # Raised to end every session of the account at once.
    session_epoch = models.IntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "username"
    objects = BaseUserManager["User"]()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["username"], name="org_user_username"),)

    def __str__(self) -> str:
        return self.username

    @property
    def name(self) -> str:
        return in_reader_language(self.name_zh, self.name_en)


class Posting(models.Model):
    """A person at work: in this unit, for this area, with these roles, from then until then."""

    scope: ClassVar[Scope] = SEALED

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="postings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="postings")
    area = models.TextField(db_collation="C")
    roles = ArrayField(models.TextField())
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True)
    note = models.TextField(default="", blank=True)
    # A deputy's posting: for whom it stands, always with an end.
    stands_for = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="deputies", db_index=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(stands_for__isnull=True) | Q(until__isnull=False), name="org_posting_deputy_ends"
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=list(roles.POSTABLE)) & Q(roles__len__gte=1),
                name="org_posting_known_roles",
            ),
            models.CheckConstraint(
                condition=~Q(roles__overlap=list(roles.ADMINISTRATORS)) | Q(roles__len=1),
                name="org_posting_administrator_alone",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(roles__overlap=list(roles.ADMINISTRATORS), until__isnull=True),
                name="org_posting_one_administrator",
            ),
        )
        indexes = (models.Index(fields=["unit"], name="org_posting_unit_open", condition=Q(until__isnull=True)),)

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.unit_id}"

    @property
    def active(self) -> bool:
        now = clock.now()
        return self.since <= now and (self.until is None or self.until > now)

    @property
    def role_labels(self) -> list[str]:
        return [str(roles.LABELS[role]) for role in self.roles]

    @property
    def whose(self) -> str:
        """Who acts under it, and for whom where that is another person."""
        leader = principal(self.stands_for_id) if self.stands_for_id else None
        if leader is None:
            return self.user.name
        return str(_("%(name)s (for %(leader)s)") % {"name": self.user.name, "leader": leader.name})


@reference(seconds=60)
def principal(posting_id: int) -> User | None:
    """The person for whom a deputy stands."""
    return User.objects.filter(postings=posting_id).first()


class TrailEntry(models.Model):
    """Who did or read what, when, why and with which result; only ever added to, never holding values."""

    scope: ClassVar[Scope] = SEALED

    at = models.DateTimeField(default=clock.now)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, null=True, related_name="+")
    who = models.TextField(default="")
    verb = models.TextField()
    subject = models.TextField(default="")
    subject_id = models.BigIntegerField(null=True)
    purpose = models.TextField(default="")
    result = models.TextField(default="ok")
    facts = models.JSONField(default=dict)
    address_hash = models.BinaryField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["subject", "subject_id", "id"], name="org_trail_subject"),
            models.Index(fields=["at"], name="org_trail_at"),
        )

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.who} {self.verb} {self.subject} {self.result}"


class AnsweredRequest(models.Model):
    """The first answer to a write, given again to the same key (R21); kept 30 days."""

    scope: ClassVar[Scope] = SEALED

    actor = models.TextField()
    key = models.TextField()
    fingerprint = models.BinaryField()
    status = models.SmallIntegerField()
    body = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["actor", "key"], name="org_answeredrequest_key"),)
        indexes = (models.Index(fields=["at"], name="org_answeredrequest_at"),)

    def __str__(self) -> str:
        return f"{self.actor} {self.status}"


class SignIn(models.Model):
    """One session of one person, under the posting it acts for now; ended here, it is dead everywhere."""

    scope: ClassVar[Scope] = SEALED

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    posting = models.ForeignKey(Posting, on_delete=models.SET_NULL, null=True, related_name="+")
    epoch = models.IntegerField()
    agent = models.TextField(default="")
    address_hash = models.BinaryField(null=True)
    started_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["started_at"], name="org_signin_started"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.started_at:%F %T}"


class Token(models.Model):
    """A bearer token of one posting; only its hash is kept."""

    scope: ClassVar[Scope] = SEALED

    posting = models.ForeignKey(Posting, on_delete=models.CASCADE, related_name="tokens")
    hash = models.BinaryField()
    name = models.TextField()
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["hash"], name="org_token_hash"),)

    def __str__(self) -> str:
        return self.name

    def usable(self, now: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > now


class LoginFailure(models.Model):
    """One wrong password for one account from one address, both as keyed hashes."""

    scope: ClassVar[Scope] = SEALED

    account_hash = models.BinaryField()
    address_hash = models.BinaryField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (
            models.Index(fields=["account_hash", "address_hash", "at"], name="org_loginfailure_pair"),
            models.Index(fields=["at"], name="org_loginfailure_at"),
        )

    def __str__(self) -> str:
        return f"{self.at:%F %T}"


class Throttle(models.Model):
    """A keyed hash of an address, what it asked for, in which window of time, how often."""

    scope: ClassVar[Scope] = SEALED

    address_hash = models.BinaryField(max_length=32)
    kind = models.TextField(db_collation="C")
    window = models.DateTimeField()
    spent = models.IntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("address_hash", "kind", "window"), name="org_throttle_window"),
            models.CheckConstraint(condition=Q(spent__gte=1), name="org_throttle_spent"),
        )
        indexes = (models.Index(fields=("window",), name="org_throttle_old"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.window:%F %T} {self.spent}"


class CalendarDay(models.Model):
    """A working or rest day, against or as in the plain week; an empty area means everywhere."""

    WORK, REST = "work", "rest"
    LAW, LIBRARY, HAND, WEEKEND = "law", "library", "hand", "weekend"

    date = models.DateField()
    kind = models.TextField(choices=((WORK, _("working day")), (REST, _("rest day"))))
    source = models.TextField(default=HAND)
    area = models.TextField(db_collation="C", default="", blank=True)
    # The year's make-up days are not published yet: say "about".
    provisional = models.BooleanField(default=False)
    name = models.TextField(default="", blank=True)
    name_en = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["date", "area"], name="org_calendarday_date"),
            models.CheckConstraint(condition=Q(kind__in=["work", "rest"]), name="org_calendarday_kind"),
            models.CheckConstraint(
                condition=Q(source__in=["law", "library", "hand", "weekend"]), name="org_calendarday_source"
            ),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"


class WorkingHours(models.Model):
    """One span of the working day, local time; an area without its own takes those of the area above."""

    area = models.TextField(db_collation="C", default="", blank=True)
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area", "starts"], name="org_workinghours_start"),
            models.CheckConstraint(condition=Q(ends__gt=models.F("starts")), name="org_workinghours_forward"),
        )

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"
