"""What the room keeps of its own: links of wall screens, the counts of the map's cells, the outlines of its areas."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value

from onegrid.org.scope import Scope

LONGEST = timedelta(days=90)


class WallLink(models.Model):
    """One screen, one area, some weeks; only the hash of its code is kept. It opens the wall and nothing else."""

    scope = Scope(area="area")

    area = models.TextField(db_collation="C")
    # Where the screen hangs, as its maker calls it.
    name = models.TextField()
    code_hash = models.BinaryField(max_length=32)
    made_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # When its screen last asked, to the minute: a screen that went dark is seen in the list.
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("code_hash",), name="walllink_code"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")) & Q(expires_at__lte=F("made_at") + Value(LONGEST)),
                name="walllink_expires",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="walllink_ended",
            ),
        )
        indexes = (models.Index(fields=("area", "-id"), name="walllink_area"),)

    def __str__(self) -> str:
        return f"{self.area} {self.name}"


class Cell(models.Model):
    """Open matters of one cell (H3, of size 4 to 8), by town, group of states and clock; restricted ones never.

    Written by `actions.count_cells` only, whole; `lon`, `lat` are the middle of its matters.
    """

    scope = Scope(area="area", about="about_unit_ids")

    size = models.SmallIntegerField()
    cell = models.BigIntegerField()
    area = models.TextField(db_collation="C")
    about_unit_ids = ArrayField(models.BigIntegerField(), default=list)
    group = models.TextField(db_collation="C")
    clock = models.TextField(db_collation="C")
    n = models.IntegerField()
    lon = models.FloatField()
    lat = models.FloatField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("size", "cell", "area", "group", "clock", "about_unit_ids"), name="insight_cell_one"
            ),
        )
        indexes = (models.Index(fields=("size", "lon", "lat"), name="insight_cell_box"),)

    def __str__(self) -> str:
        return f"{self.cell:x} {self.group} {self.n}"


class OutlineSheet(models.Model):
    """Lines and names of one level, ready to be sent: GeoJSON, packed. For everybody.

    Written by `actions.draw_outlines` only; `home` is the town whose sheet it is, empty for a sheet of all.
    """

    level = models.TextField(db_collation="C")
    home = models.TextField(db_collation="C", default="", blank=True)
    packed = models.BinaryField()
    etag = models.TextField(db_collation="C")
    # The state of the areas from which all sheets are drawn; the same in every row.
    version = models.TextField(db_collation="C")
    # Around the areas of this sheet, WGS-84; none where nothing is drawn.
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("level", "home"), name="insight_sheet_one"),)

    def __str__(self) -> str:
        return f"{self.level} {self.home}"
