"""Categories, routing and reasons: data that a county edits, loaded by `onegrid load_categories`."""

from django.db import models
from django.utils.translation import get_language

from onegrid.kit.reference import reference
from onegrid.kit.working_time import Limit

LEAF_LENGTH = 6


class Bilingual(models.Model):
    """A row that people read in their own language."""

    name_zh = models.TextField()
    name_en = models.TextField()

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        return self.name_en if (get_language() or "zh").startswith("en") else self.name_zh

    def __str__(self) -> str:
        return self.name


class Category(Bilingual):
    """A node of the tree: 2 digits, 4 digits, or a leaf of 6 with level, limits and words (the county's defaults)."""

    code = models.TextField(primary_key=True, db_collation="C")
    level = models.SmallIntegerField(default=4)
    kinds_zh = models.TextField(default="", blank=True)
    kinds_en = models.TextField(default="", blank=True)
    restricted = models.BooleanField(default=False)
    # Strangers may see matters of this leaf: said leaf by leaf, never where they are of homes or persons.
    listed = models.BooleanField(default=False)
    # Tips on crime pass through: handed sealed to the competent body, the text erased here after its receipt.
    passes_through = models.BooleanField(default=False)
    # Who reports such a matter is protected, wished for or not: only the centre holds the contact, two persons open it.
    protects = models.BooleanField(default=False)
    accept = models.JSONField(null=True)
    handle = models.JSONField(null=True)
    keywords = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    # A grid worker may finish it where they stand; a receiver may answer it in the same call.
    on_the_spot = models.BooleanField(default=False)
    consulting = models.BooleanField(default=False)
    # One in so many of those is looked at afterwards by a checker.
    sample_every = models.SmallIntegerField(default=5)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=4), name="category_level"),
            models.CheckConstraint(
                condition=models.Q(restricted=False) | models.Q(listed=False), name="category_restricted_unlisted"
            ),
            models.CheckConstraint(condition=models.Q(sample_every__gte=1), name="category_sample_every"),
        )

    @property
    def is_leaf(self) -> bool:
        return len(self.code) == LEAF_LENGTH

    @property
    def kinds(self) -> str:
        return self.kinds_en if (get_language() or "zh").startswith("en") else self.kinds_zh

    @property
    def accept_limit(self) -> Limit | None:
        return limit_of(self.accept)

    @property
    def handle_limit(self) -> Limit | None:
        return limit_of(self.handle)

    @property
    def calls_first(self) -> bool:
        """The app first offers 110, 119 or 120, then records."""
        return (self.accept or {}).get("kind") == "call_first"


@reference(seconds=5)
def categories() -> dict[str, Category]:
    """Every node of the tree by code, in order of code."""
    return {category.code: category for category in Category.objects.order_by("code")}


def limit_of(stored: dict[str, object] | None) -> Limit | None:
    if not stored:
        return None
    return Limit.read((stored["kind"], stored["amount"] or 0, stored["unit"] or "hours"))


class Route(models.Model):
    """In this area, matters of this kind go to this unit; the longest area wins, then the longest category."""

    area = models.TextField(db_collation="C")
    category = models.TextField(db_collation="C", blank=True)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("area", "category"), name="route_once"),)


class Reason(Bilingual):
    """A coded reason of a step (refuse, suspend, void, object), with the legal route that is told."""

    verb = models.TextField()
    code = models.TextField(db_collation="C")
    route_zh = models.TextField(default="", blank=True)
    route_en = models.TextField(default="", blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("verb", "code"), name="reason_once"),)

    @property
    def route(self) -> str:
        return self.route_en if (get_language() or "zh").startswith("en") else self.route_zh
