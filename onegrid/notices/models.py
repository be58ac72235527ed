"""A message to one person about one matter: written with the happening, carried by a worker, never doubled."""

from django.conf import settings
from django.db import models

from onegrid.kit import clock, crypto
from onegrid.notices.rules.hours import Quiet
from onegrid.org.scope import SEALED, Scope

CHANNELS = ("in_app", "console", "mail", "sms")
# Ways that leave the house: they need an address, and can fail in more ways than one.
OUTSIDE = ("mail", "sms")
STATES = ("queued", "bundled", "sending", "sent", "delivered", "unknown", "undelivered", "failed")
# What somebody must look at: nobody knows, the network said no, the provider never took it.
TROUBLED = ("unknown", "undelivered", "failed")


def box() -> crypto.Box:
    return crypto.Box(settings.FIELD_KEYS)


def sealed(address: str, *, of: str) -> bytes | None:
    """An address for one place: the name of a message, or a person's way."""
    return box().seal(address, context=f"notices.address:{of}") if address else None


def opened(blob: bytes | memoryview | None, *, of: str) -> str:
    return box().open(blob, context=f"notices.address:{of}") if blob is not None else ""


class Message(models.Model):
    """To a posting (staff), a voice (a reporter) or somebody else by name; becomes words in `language` when read."""

    scope = Scope(units=("unit_id",))

    to_posting = models.ForeignKey(
        "org.Posting", null=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    to_report = models.BigIntegerField(null=True)
    # Neither staff nor reporter: such as "follow:17".
    to_other = models.TextField(default="", blank=True)
    # The centre that answers for it, and sees what did not arrive.
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.TextField(default="in_app")
    kind = models.TextField()
    urgent = models.BooleanField(default=False)
    language = models.TextField(default="zh-hans")
    number = models.TextField(default="", blank=True)
    args = models.JSONField(default=dict)
    dedupe = models.TextField()
    # Chance: what a provider knows it by. The same for every attempt, so that a provider may know it again.
    reference = models.TextField(default="", blank=True)
    address_sealed = models.BinaryField(null=True)
    state = models.TextField(default="queued")
    attempts = models.SmallIntegerField(default=0)
    detail = models.TextField(default="", blank=True)
    # One that speaks for those of its kind that came in a storm; they point to it.
    gathers = models.BooleanField(default=False)
    bundle = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="gathered", db_index=False)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("dedupe",), name="message_once"),
            models.UniqueConstraint(fields=("reference",), condition=~models.Q(reference=""), name="message_reference"),
            models.CheckConstraint(condition=models.Q(channel__in=CHANNELS), name="message_channel"),
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="message_state"),
            models.CheckConstraint(
                condition=models.Q(to_posting__isnull=False)
                | models.Q(to_report__isnull=False)
                | ~models.Q(to_other=""),
                name="message_has_receiver",
            ),
            models.CheckConstraint(
                condition=models.Q(bundle__isnull=True) | models.Q(state="bundled"), name="message_bundled"
            ),
        )
        indexes = (
            models.Index(fields=("to_posting", "-id"), name="message_to_posting"),
            models.Index(fields=("to_report", "-id"), name="message_to_report"),
            models.Index(fields=("to_posting", "kind", "-due_at"), name="message_storm"),
            models.Index(fields=("bundle",), condition=models.Q(bundle__isnull=False), name="message_bundle"),
            models.Index(fields=("due_at",), condition=models.Q(state="queued"), name="message_waiting"),
            models.Index(
                fields=("unit", "-id"),
                condition=models.Q(state__in=TROUBLED, left_at__isnull=True),
                name="message_troubled",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def address(self) -> str:
        return opened(self.address_sealed, of=self.dedupe).partition("\n")[0]

    @property
    def secret(self) -> str:
        """What only the receiver may know, such as the end of a link; it lies behind the address in its seal."""
        return opened(self.address_sealed, of=self.dedupe).partition("\n")[2]

    @property
    def outside(self) -> bool:
        return self.channel in OUTSIDE


class Preference(models.Model):
    """By which ways a person wants to hear of what besides the desk, and when not; addresses sealed."""

    scope = SEALED

    user = models.OneToOneField("org.User", on_delete=models.CASCADE, related_name="notice_preference")
    phone_sealed = models.BinaryField(null=True)
    phone_masked = models.TextField(default="", blank=True)
    mail_sealed = models.BinaryField(null=True)
    mail_masked = models.TextField(default="", blank=True)
    # Group of kinds -> channels, such as {"urgent": ["sms"]}.
    ways = models.JSONField(default=dict)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="preference_quiet_both",
            ),
        )

    def __str__(self) -> str:
        return f"preference of {self.user_id}"

    def ways_for(self, group: str) -> list[str]:
        return [channel for channel in OUTSIDE if channel in self.ways.get(group, ())]

    def address(self, channel: str) -> str:
        """Phone or mail address, or an empty text when none was given."""
        return opened({"sms": self.phone_sealed, "mail": self.mail_sealed}[channel], of=f"{channel}:{self.user_id}")

    @property
    def quiet(self) -> Quiet | None:
        if self.quiet_from is None or self.quiet_until is None:
            return None
        return Quiet(self.quiet_from, self.quiet_until)


class Nonce(models.Model):
    """A word that a provider may say once: a callback that is played back says it a second time."""

    scope = SEALED

    value = models.TextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("value",), name="nonce_once"),)
        indexes = (models.Index(fields=("at",), name="nonce_at"),)

    def __str__(self) -> str:
        return f"{self.at:%F %T}"
