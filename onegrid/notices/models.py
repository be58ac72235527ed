"""A message to one person about one event: written with the happening, delivered by a worker, never doubled."""

from django.db import models

from onegrid.kit import clock
from onegrid.org.scope import SEALED

CHANNELS = ("in_app", "console", "gateway")
STATES = ("queued", "sending", "sent", "unknown", "failed")


class Message(models.Model):
    """To a posting (staff) or to a voice (a reporter); `kind` and `args` become words in `language` when read."""

    scope = SEALED

    to_posting = models.ForeignKey(
        "org.Posting", null=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    to_report = models.BigIntegerField(null=True)
    channel = models.TextField(default="in_app")
    kind = models.TextField()
    language = models.TextField(default="zh-hans")
    number = models.TextField(default="", blank=True)
    args = models.JSONField(default=dict)
    dedupe = models.TextField()
    state = models.TextField(default="queued")
    attempts = models.SmallIntegerField(default=0)
    detail = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("dedupe",), name="message_once"),
            models.CheckConstraint(condition=models.Q(channel__in=CHANNELS), name="message_channel"),
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="message_state"),
            models.CheckConstraint(
                condition=models.Q(to_posting__isnull=False) | models.Q(to_report__isnull=False),
                name="message_has_receiver",
            ),
        )
        indexes = (
            models.Index(fields=("to_posting", "-id"), name="message_to_posting"),
            models.Index(fields=("to_report", "-id"), name="message_to_report"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
