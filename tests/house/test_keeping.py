"""Every column that can hold a person's words, place or file has somebody who said whether it goes or stays."""

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from onegrid.events.models import Event
from onegrid.events.rules.keeping import BY_THE_DATABASE, ERASED, GONE, KEPT, WAYS

WORDY = (models.TextField, models.CharField, models.JSONField, models.BinaryField, models.FloatField, ArrayField)
# Reach an event only by its number, which is nobody's name.
NOT_OF_ONE_EVENT = {"MassNotice", "MassRow", "ReplyTemplate"}
CELLS = {"c6", "c8"}


def of_an_event(model: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> bool:
    """Whether rows of this table hang on an event, at whatever distance."""
    if model is Event:
        return True
    keys = [field.related_model for field in model._meta.concrete_fields if field.many_to_one or field.one_to_one]
    above = [one for one in keys if isinstance(one, type) and one._meta.app_label == "events" and one not in seen]
    return any(of_an_event(one, seen | {model}) for one in above)


def tables() -> dict[str, type[models.Model]]:
    found = {model.__name__: model for model in apps.get_app_config("events").get_models() if of_an_event(model)}
    return {name: model for name, model in found.items() if name not in NOT_OF_ONE_EVENT}


def wordy(model: type[models.Model]) -> set[str]:
    """Text, JSON, bytes, coordinates: generated columns too, for they hold what they were made of."""
    fields = model._meta.concrete_fields
    outputs = {field.name: getattr(field, "output_field", field) if field.generated else field for field in fields}
    return {name for name, field in outputs.items() if isinstance(field, WORDY) or name in CELLS}


def test_every_table_of_an_event_stands_in_the_list() -> None:
    """Add a new table to WAYS in events/rules/keeping.py, and its columns to ERASED or KEPT."""
    assert set(tables()) - set(WAYS) == set()
    assert set(WAYS) - set(tables()) == set()


def test_every_column_of_words_goes_or_stays_by_name() -> None:
    """Add a new column to ERASED (it goes) or to KEPT (it tells nothing of a person)."""
    open_questions = [
        f"{name}.{column}"
        for name, model in tables().items()
        if name not in (*GONE, *BY_THE_DATABASE)
        for column in sorted(wordy(model) - set(ERASED.get(name, {})) - set(KEPT.get(name, ())))
    ]
    assert open_questions == []


def test_the_list_names_nothing_that_is_not_there() -> None:
    known = {name: {field.name for field in model._meta.concrete_fields} for name, model in tables().items()}
    columns = [(name, column) for name in ERASED for column in ERASED[name]]
    columns += [(name, column) for name in KEPT for column in KEPT[name]]
    assert [f"{name}.{column}" for name, column in columns if column not in known[name]] == []
    assert [name for name in ERASED if set(ERASED[name]) & set(KEPT.get(name, ()))] == []
