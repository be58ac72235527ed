"""Further questions to a reporter: which are worth asking, and what was answered; pure, each fault by its question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.utils.translation import gettext as _

from onegrid.kit import text

LONGEST = 200
LARGEST = 1_000_000_000
YES, NO = ("yes", "true", "True"), ("no", "false", "False")
# The answers themselves in both languages; the words of choices stand in the data.
SAID_YES = {True: ("\u662f", "yes"), False: ("\u5426", "no")}


class Question(Protocol):
    """What this needs to know of a question; the table's row fits."""

    key: str
    kind: str
    name_zh: str
    name_en: str
    required: bool
    options: list[dict[str, str]]
    depends: dict[str, Any]


Row = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One question as a form shows it; `on` and `among`: it is shown after one of these answers to that question."""

    key: str
    kind: str
    label: str
    hint: str
    required: bool
    options: list[tuple[str, str, bool]]
    value: str
    fault: str
    on: str
    among: str

    @property
    def name(self) -> str:
        return f"answers.{self.key}"


def fields(questions: Sequence[Any], given: Mapping[str, Any], faults: Mapping[str, str]) -> list[Field]:
    """The questions with what was answered so far and what is wrong with it, in the reader's language."""
    return [field(one, given.get(one.key) or [], faults.get(f"answers.{one.key}", "")) for one in questions]


def field(one: Any, given: Any, fault: str) -> Field:
    values = [str(value) for value in (given if isinstance(given, list) else [given])]
    choices = [(code, label, code in values) for code, label in one.choices]
    return Field(
        key=one.key, kind=one.kind, label=one.name, hint=one.hint, required=one.required, options=choices,
        value=values[0] if values else "", fault=fault, on=one.depends.get("key", ""),
        among=" ".join(one.depends.get("is", [])),
    )  # fmt: skip


def answered(questions: Sequence[Question], given: Mapping[str, object]) -> tuple[list[Row], dict[str, str]]:
    """The answers as rows that keep question and answer in both languages, and the faults by `answers.<key>`."""
    known = {one.key for one in questions}
    faults = {f"answers.{key}": _("This is not asked about such a matter.") for key in given if key not in known}
    rows: list[Row] = []
    values: dict[str, object] = {}
    for one in questions:
        if not asked(one, values):
            continue
        value = plain(given.get(one.key))
        try:
            if value in (None, "", []):
                needed(one)
                continue
            values[one.key] = read(one, value)
        except ValueError as error:
            faults[f"answers.{one.key}"] = str(error)
            continue
        rows.append(row(one, values[one.key]))
    return rows, faults


def asked(question: Question, values: Mapping[str, object]) -> bool:
    """A question that depends on another is asked only after an answer that calls for it."""
    if not question.depends:
        return True
    said = values.get(question.depends["key"])
    found = set(said) if isinstance(said, list) else {word(said)}
    return not found.isdisjoint(question.depends["is"])


def word(value: object) -> str:
    """A value as the data writes it: yes and no are words there."""
    return {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else str(value)


def plain(value: object) -> object:
    """A form gives every field as a list; one alone is meant as such."""
    if isinstance(value, list):
        return [one for one in value if one not in ("", None)]
    return text.tidy(value) if isinstance(value, str) else value


def needed(question: Question) -> None:
    if question.required:
        raise ValueError(_("Please answer this."))


def read(question: Question, value: object) -> object:
    """The value in its kind; raises ValueError with the sentence for whoever answered."""
    if question.kind == "many":
        return [chosen(question, one) for one in (value if isinstance(value, list) else [value])]
    if isinstance(value, list):
        if len(value) != 1:
            raise ValueError(_("One answer only."))
        value = value[0]
    return READERS[question.kind](question, value)


def chosen(question: Question, value: object) -> str:
    if str(value) not in {one["code"] for one in question.options}:
        raise ValueError(_("Choose from the list."))
    return str(value)


def short_text(question: Question, value: object) -> str:
    tidied = text.tidy(str(value))
    if len(tidied) > LONGEST:
        raise ValueError(_("At most 200 characters."))
    return tidied


def number(question: Question, value: object) -> int | float:
    try:
        found = float(str(value)) if not isinstance(value, bool) else LARGEST + 1
    except ValueError:
        raise ValueError(_("This is no number.")) from None
    if not abs(found) <= LARGEST:
        raise ValueError(_("This is no number."))
    return int(found) if found == int(found) else found


def yes_or_no(question: Question, value: object) -> bool:
    if value is True or str(value) in YES:
        return True
    if value is False or str(value) in NO:
        return False
    raise ValueError(_("Yes or no."))


def day(question: Question, value: object) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError(_("A date like 2026-11-30.")) from None


KINDS = ("choice", "many", "text", "number", "yes_no", "date")
READERS: dict[str, Callable[[Question, object], object]] = {
    "choice": chosen,
    "text": short_text,
    "number": number,
    "yes_no": yes_or_no,
    "date": day,
}


def row(question: Question, value: object) -> Row:
    """What is kept: a later edit of the question changes nothing of what was asked and said."""
    zh, en = said(question, value)
    return {
        "key": question.key, "zh": question.name_zh, "en": question.name_en, "value": value, "said_zh": zh,
        "said_en": en,
    }  # fmt: skip


def said(question: Question, value: object) -> tuple[str, str]:
    if isinstance(value, bool):
        return SAID_YES[value]
    names = {one["code"]: one for one in question.options}
    codes = [str(one) for one in (value if isinstance(value, list) else [value])]
    if question.kind in ("choice", "many"):
        zh = "\u3001".join(names[code]["name_zh"] for code in codes)
        return zh, ", ".join(names[code]["name_en"] for code in codes)
    return str(value), str(value)


def faults_of(question: Question, earlier: Sequence[Question]) -> list[str]:
    """What is wrong with a question as it is declared; empty when it may be asked."""
    wrong = []
    codes = [one.get("code") for one in question.options]
    if (question.kind in ("choice", "many")) != bool(codes) or len(codes) != len(set(codes)):
        wrong.append("options: a choice needs different ones, nothing else has any")
    if question.depends:
        parent = next((one for one in earlier if one.key == question.depends.get("key")), None)
        if parent is None or not question.depends.get("is"):
            wrong.append("depends: names a question that comes before it, and its answers")
        elif not set(question.depends["is"]) <= answers_of(parent):
            wrong.append("depends: names an answer that the other question does not have")
    return wrong


def answers_of(question: Question) -> set[str]:
    if question.kind == "yes_no":
        return {"yes", "no"}
    return {one["code"] for one in question.options}
