"""What the word list reads in a report: a proposed leaf with the words that speak for it. A person decides."""

from dataclasses import dataclass

from onegrid.triage import keywords


@dataclass(frozen=True)
class Reading:
    """The proposals in order, the leaf that stands until a person decides, and whether it reads restricted."""

    category: str
    restricted: bool
    suggestions: tuple[keywords.Suggestion, ...]

    @classmethod
    def of(cls, text: str, *, chosen: str, words: keywords.WordList) -> "Reading":
        """A leaf that the reporter chose goes first, but the text is read all the same."""
        found = tuple(keywords.suggest(text, words))
        category = chosen or (found[0].code if found else "")
        return cls(category, bool(keywords.reads_restricted(text, words)), found)
