"""Loading of reference data: categories, words, reasons, routes; each by its key, so that it can be done again."""

from typing import Any

from django.db import transaction

from onegrid.events import queries
from onegrid.events.models import Category, Reason, Route
from onegrid.org import queries as org
from onegrid.org.rules import closed_list

CATEGORY_FILES = ("categories", "groups", "emergency", "reasons", "routes")


class BadData(ValueError):
    """A row of the files cannot be loaded; the message names the file, the row and the reason."""


@transaction.atomic
def load_categories(
    *, categories: list[dict[str, Any]], groups: list[dict[str, Any]], emergency: list[dict[str, Any]],
    reasons: list[dict[str, Any]], routes: list[dict[str, Any]],
) -> dict[str, int]:  # fmt: skip
    """Write every row under its key; what is not in the files stays as it is. Returns the counts."""
    for file, rows in (("groups", groups), ("categories", categories)):
        for at, row in enumerate(rows, start=1):
            named(row, file, at)
    nodes = [Category(code=row["code"], name_zh=row["name_zh"], name_en=row["name_en"]) for row in groups]
    nodes += [leaf(row) for row in categories]
    fields = [field.name for field in Category._meta.fields if field.name not in ("code", "active")]
    Category.objects.bulk_create(nodes, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    for row in reasons:
        keep_reason(row["verb"], row["code"], row)
    for row in emergency:
        keep_reason("emergency", f"{row['number']}:{row['word']}", {"name_zh": row["word"], "name_en": row["word"]})
    for at, row in enumerate(routes, start=1):
        keep_route(at, row)
    queries.forget_reference()
    return {
        "categories": len(nodes),
        "reasons": len(reasons),
        "emergency words": len(emergency),
        "routes": len(routes),
    }


def named(row: dict[str, Any], file: str, at: int) -> None:
    """Refuse a name that the closed list forbids, with file and row."""
    for name in ("name_zh", "name_en"):
        if reason := closed_list.refuse_name(row[name]):
            raise BadData(f"{file}.json row {at}: {reason}")


def leaf(row: dict[str, Any]) -> Category:
    return Category(
        code=row["code"], name_zh=row["name_zh"], name_en=row["name_en"], level=row["level"],
        kinds_zh=row["kinds_zh"], kinds_en=row["kinds_en"], restricted=row["restricted"],
        listed=row.get("listed", False), protects=row.get("protects", False),
        passes_through=row.get("passes_through", False),
        accept=row["accept"], handle=row["handle"],
        keywords=[*row["keywords_zh"], *row["keywords_en"]],
        on_the_spot=row.get("on_the_spot", False), consulting=row.get("consulting", False),
        sample_every=row.get("sample_every", 5),
    )  # fmt: skip


def keep_reason(verb: str, code: str, row: dict[str, Any]) -> None:
    names = ("name_zh", "name_en", "route_zh", "route_en")
    Reason.objects.update_or_create(verb=verb, code=code, defaults={key: row[key] for key in names if key in row})


def keep_route(at: int, row: dict[str, Any]) -> None:
    unit = org.unit(row["unit"])
    if unit is None:
        raise BadData(f"routes.json row {at}: no unit {row['unit']}")
    Route.objects.update_or_create(area=row["area"], category=row["category"], defaults={"unit_id": unit.pk})
