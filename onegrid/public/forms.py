"""What a resident says on the way through the report pages; carried in the form itself, stored nowhere until sent."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.kit import images, text
from onegrid.kit.images import BadPicture, Picture

MAX_WORDS = 4000
MAX_PHOTOS = 4
MAX_ANSWERS = 40
ANSWER = "answers."


@dataclass(frozen=True)
class Draft:
    """Every answer so far, as text; the field names are those of the form."""

    words: str = ""
    category: str = ""
    longitude: str = ""
    latitude: str = ""
    address: str = ""
    area: str = ""
    ref: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    about_unit: str = ""
    protect: str = ""
    warned: str = ""
    # What was answered to the further questions so far, as JSON: their names differ from leaf to leaf.
    answers: str = ""

    @classmethod
    def read(cls, posted: QueryDict) -> "Draft":
        said = {field.name: str(posted.get(field.name, ""))[: MAX_WORDS + 1] for field in fields(cls)}
        if posted.get("page") == "further":
            names = [name for name in posted if name.startswith(ANSWER)][:MAX_ANSWERS]
            said["answers"] = json.dumps({name.removeprefix(ANSWER): posted.getlist(name) for name in names})
        return cls(**said).at_spot(str(posted.get("spot", ""))[:60])

    def at_spot(self, spot: str) -> "Draft":
        """The same at a place that was chosen from the proposed ones, given as `longitude,latitude`."""
        lon, _comma, lat = spot.partition(",")
        moved = replace(self, longitude=lon, latitude=lat)
        return moved if moved.point else self

    def answered(self, keys: Iterable[str]) -> dict[str, Any]:
        """The answers to the questions of these keys; what was said of another leaf before is left out."""
        try:
            said = json.loads(self.answers or "{}")
        except ValueError:
            said = {}
        return {key: said[key] for key in keys if key in said} if isinstance(said, dict) else {}

    def items(self) -> list[tuple[str, str]]:
        return [(field.name, getattr(self, field.name)) for field in fields(self)]

    def without_place(self) -> "Draft":
        return replace(self, longitude="", latitude="")

    @property
    def point(self) -> tuple[float, float] | None:
        try:
            lon, lat = float(self.longitude), float(self.latitude)
        except ValueError:
            return None
        return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None

    @property
    def contact(self) -> dict[str, str]:
        return {"name": self.name, "phone": self.phone, "email": self.email}

    def faults(self) -> dict[str, str]:
        """What must be mended before the next page."""
        words = text.tidy(self.words)
        if not words:
            return {"words": _("Please say what it is about. A few words are enough.")}
        if len(words) > MAX_WORDS:
            return {"words": _("At most 4,000 characters.")}
        if self.category and self.category not in {leaf.code for leaf in queries.leaves()}:
            return {"category": _("Choose a category from the list, or leave it open.")}
        return {}


def pictures(files: "Sequence[UploadedFile[bytes]]") -> tuple[list[Picture], str]:
    """The photos rebuilt from their pixels, or the sentence that says what is wrong with one."""
    if len(files) > MAX_PHOTOS:
        return [], _("At most four photos.")
    found: list[Picture] = []
    for file in files:
        try:
            found.append(images.rebuild(file.read()))
        except BadPicture as error:
            return [], str(error)
    return found, ""
