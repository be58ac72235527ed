"""What has a name (streets, communities, points of interest), and layers of useful things; never a home or a person."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from onegrid.kit import clock
from onegrid.org.models import in_reader_language
from onegrid.org.scope import Scope

ON_EARTH = Q(lon__range=(-180, 180), lat__range=(-90, 90))


class Named(models.Model):
    """A place that people name. `ref` is its code at the source; `keys` are the ways to type it (rules/spelling.py).

    Longitude and latitude are WGS-84; `outline` is a GeoJSON line or polygon. Everybody may read all of it.
    """

    STREET, COMMUNITY, LANDMARK, POI, SEAT = "street", "community", "landmark", "poi", "seat"
    KINDS = (
        (STREET, _("street")),
        (COMMUNITY, _("community or village")),
        (LANDMARK, _("landmark")),
        (POI, _("point of interest")),
        (SEAT, _("seat of an office")),
    )

    source = models.TextField(db_collation="C")
    ref = models.TextField(db_collation="C")
    kind = models.TextField(choices=KINDS, db_collation="C")
    name_zh = models.TextField()
    name_en = models.TextField(default="", blank=True)
    aliases = ArrayField(models.TextField(), default=list)
    area = models.TextField(db_collation="C", default="", blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    outline = models.JSONField(null=True)
    keys = SearchVectorField()
    valid_from = models.DateField(default=date(2000, 1, 1))
    valid_until = models.DateField(null=True)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["source", "ref"], name="gazetteer_named_ref"),
            models.CheckConstraint(condition=ON_EARTH, name="gazetteer_named_on_earth"),
            models.CheckConstraint(
                condition=Q(kind__in=["street", "community", "landmark", "poi", "seat"]), name="gazetteer_named_kind"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="gazetteer_named_validity",
            ),
        )
        indexes = (
            GinIndex(fields=["keys"], name="gazetteer_named_keys"),
            models.Index(fields=["lon", "lat"], name="gazetteer_named_place"),
        )

    def __str__(self) -> str:
        return self.name_zh

    @property
    def name(self) -> str:
        return in_reader_language(self.name_zh, self.name_en)


class Layer(models.Model):
    """Things of one kind: hydrants, defibrillators, shelters. `fields` names what may be kept of each, key by key.

    `public`: strangers see it too; else staff only. `hidden`: on no map, its things are kept.
    """

    scope: ClassVar[Scope] = Scope(public="public")

    code = models.TextField(db_collation="C")
    name_zh = models.TextField()
    name_en = models.TextField(default="", blank=True)
    icon = models.TextField(default="dot")
    public = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)
    # [{"key": "bore", "zh": …, "en": "bore"}, …]
    fields = models.JSONField(default=list)
    source = models.TextField()
    licence = models.TextField(default="", blank=True)
    updated_at = models.DateTimeField(default=clock.now)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["code"], name="gazetteer_layer_code"),)

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        return in_reader_language(self.name_zh, self.name_en)


class Thing(models.Model):
    """One thing of a layer, by its code at the source.

    `lon`, `lat`: its point, or one inside its `shape` (GeoJSON, WGS-84); only a thing with a shape has edges.
    """

    scope: ClassVar[Scope] = Scope(through="layer")

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="things", db_index=False)
    ref = models.TextField(db_collation="C")
    name_zh = models.TextField(default="", blank=True)
    name_en = models.TextField(default="", blank=True)
    area = models.TextField(db_collation="C", default="", blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    shape = models.JSONField(null=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    attributes = models.JSONField(default=dict)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["layer", "ref"], name="gazetteer_thing_ref"),
            models.CheckConstraint(condition=ON_EARTH, name="gazetteer_thing_on_earth"),
        )
        indexes = (
            models.Index(fields=["lon", "lat", "layer"], name="gazetteer_thing_place"),
            models.Index(
                fields=["west", "east", "south", "north"], name="gazetteer_thing_edges", condition=Q(west__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.ref

    @property
    def name(self) -> str:
        return in_reader_language(self.name_zh, self.name_en) or self.layer.name
