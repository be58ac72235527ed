"""A file is kept and looked at by a job; its report is shown; one press lets a job write it.

Nothing is written but in one transaction that also says so: a worker that is killed leaves nothing half done, and the
job that is taken up again finds either all of it or nothing. What a file was compared with may change until the press,
or between press and job: then it is looked at again instead.
"""

import logging
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from onegrid.kit import clock, held, later, progress, text
from onegrid.kit.progress import Tell
from onegrid.kit.transactions import patiently
from onegrid.org import queries, roles
from onegrid.org.actions.people import must_be
from onegrid.org.actions.refusals import Refused
from onegrid.org.actions.trail import record
from onegrid.org.models import Import, ImportFault
from onegrid.org.models.imports import DONE, DROPPED, READY, REFUSED, UNDER_WAY, WAITING, WRITING
from onegrid.org.roles import Actor

log = logging.getLogger("onegrid.imports")

# A file that ends its worker so often does so every time.
MOST_TRIES = 3
LONGEST_NAME = 100
BATCH = 2_000
# Of all files one is worked on at a time: whatever else waits always finds a worker.
LOCK = "imports"
# When the database is busy or away: seconds between attempts to say so, and until the file is begun anew.
WAITS, PAUSE_SECONDS = (0, 1, 2, 4, 8), 60
AWAY = (OperationalError, InterfaceError)


class Unfit(ValueError):
    """The file cannot be used; the message says why in the reader's language."""


class OtherVersion(Exception):
    """Somebody moved the import on meanwhile."""


@dataclass(frozen=True)
class Upload:
    """A file that came, and what is wanted of it; `task` is the job that works on it."""

    kind: str
    task: str
    home: str
    name: str
    pieces: Iterable[bytes]
    target: str = ""
    asked: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Bad:
    """A row that is not taken, or taken after mending."""

    line: int
    code: str
    reason: str
    taken: bool = False
    picture: dict[str, Any] | None = None


@dataclass(frozen=True)
class Looked:
    """What a file would change, as the page shows it; `stops`: why it cannot be applied, empty where it can."""

    report: dict[str, Any]
    bad: list[Bad]
    stops: str = ""

    @property
    def not_taken(self) -> int:
        return sum(not bad.taken for bad in self.bad)


@dataclass(frozen=True)
class Work:
    """How a room works on one kind of file; its own refusals (`unfit`) are told with their words.

    `state` tells what the file is compared with, and locks it against others when it is asked to.
    """

    plan: Callable[[Import, bytes, Tell], Any]
    looked: Callable[[Import, Any], Looked]
    write: Callable[[Actor, Import, Any], dict[str, int]]
    state: Callable[[Import, bool], str]
    unfit: tuple[type[Exception], ...]


def folder() -> Path:
    return Path(settings.VAR_DIR) / "imports"


@transaction.atomic
def begin_import(actor: Actor, upload: Upload) -> Import:
    """Keep the file for a day and let a job look at it. Raises Refused."""
    must_be(actor, roles.ADMIN_SYSTEM)
    assert actor.posting_id is not None
    name = held.keep(folder(), upload.pieces)
    one = Import.objects.create(
        kind=upload.kind, task=upload.task, home=upload.home, target=upload.target, asked=upload.asked,
        name=text.tidy(upload.name)[-LONGEST_NAME:], upload=name, size=(folder() / name).stat().st_size,
        language=translation.get_language() or settings.LANGUAGE_CODE, area=actor.area, made_by_id=actor.posting_id,
    )  # fmt: skip
    record(actor, "begin_import", "import", one.pk, kind=one.kind, size=one.size)
    let_work(one)
    return one


@transaction.atomic
def apply_import(actor: Actor, *, import_id: int, version: int) -> Import:
    """Let a job write what was shown. Raises Refused, OtherVersion, Import.DoesNotExist."""
    one = held_by(actor, import_id, version)
    if one.state != READY or one.report.get("stops"):
        raise Refused("not_now", _("It cannot be applied as it is."))
    if not held.there(folder(), one.upload):
        raise Refused("gone", _("The file is no longer here; upload it again."))
    moved(one, WRITING, applied_by_id=actor.posting_id)
    record(actor, "apply_import", "import", one.pk, kind=one.kind)
    let_work(one)
    return one


@transaction.atomic
def drop_import(actor: Actor, *, import_id: int, version: int) -> None:
    """Throw it away: nothing is written. Raises Refused, OtherVersion, Import.DoesNotExist."""
    one = held_by(actor, import_id, version)
    if one.state != READY:
        raise Refused("not_now", _("Only what waits to be applied can be thrown away."))
    moved(one, DROPPED, ended_at=clock.now())
    drop_file(one)
    record(actor, "drop_import", "import", one.pk, kind=one.kind)


def held_by(actor: Actor, import_id: int, version: int) -> Import:
    must_be(actor, roles.ADMIN_SYSTEM)
    one = queries.imports(actor).select_for_update(of=("self",)).get(pk=import_id)
    if one.version != version:
        raise OtherVersion
    return one


def moved(one: Import, state: str, **values: Any) -> None:
    """Into a state, one version further, with nothing done of it yet."""
    fresh = {"state": state, "version": one.version + 1, "tries": 0, "stage": "", "done": 0, "total": 0, **values}
    for name, value in fresh.items():
        setattr(one, name, value)
    one.save(update_fields=[*fresh])


def work_import(import_id: int, work: Work) -> None:
    """The job: look at the file, or write it; what waits for nobody is left alone."""
    # A process keeps places for a minute: a file is compared with what is here now.
    queries.forget_reference()
    rows = Import.objects.filter(pk=import_id, state__in=UNDER_WAY)
    rows.update(tries=F("tries") + 1, stage="", done=0, total=0)
    one = rows.first()
    if one is None:
        return
    with translation.override(one.language):
        try:
            if one.tries > MOST_TRIES:
                raise Unfit(_("It was begun three times and never came to its end. Divide the file."))
            (look if one.state == WAITING else write)(one, work)
        except (Unfit, Refused) as error:
            refuse(one, str(error))
        except work.unfit as error:
            refuse(one, str(error))
        except Exception as error:
            stumbled(one, error)


def let_work(one: Import, delay_seconds: int = 0) -> None:
    later.enqueue(one.task, lock=LOCK, delay_seconds=delay_seconds, import_id=one.pk)


def stumbled(one: Import, error: Exception) -> None:
    """What nobody foresaw in the file: its reader is told what it was; a database that is away is no fault of it."""
    if isinstance(error, DataError | UnicodeError):
        log.warning("import %s: %s", one.pk, type(error).__name__)
        refuse(one, _("What stands in the file cannot be kept: %(why)s") % {"why": str(error).partition("\n")[0]})
    elif isinstance(error.__cause__, QueryCanceled):
        # It took longer than a statement may: a file that is too large for the house, should it do so every time.
        raise error
    elif isinstance(error, AWAY):
        log.warning("import %s waits for the database: %s", one.pk, type(error).__name__)
        again(one)
    else:
        if one.tries >= MOST_TRIES:
            why = _("An error of the program ended it three times (%(name)s); the log of the house tells more.")
            refuse(one, why % {"name": type(error).__name__})
        raise error


def again(one: Import) -> None:
    """Begin anew in a minute, and do not count this time; a server that starts takes some seconds."""
    for seconds in WAITS:
        time.sleep(seconds)
        connection.close_if_unusable_or_obsolete()
        with suppress(*AWAY), transaction.atomic():
            Import.objects.filter(pk=one.pk, version=one.version).update(tries=one.tries - 1)
            let_work(one, PAUSE_SECONDS)
            return
    raise OperationalError("the database does not come back")


def look(one: Import, work: Work) -> None:
    """Read the file and keep what it would change."""
    seen = work.state(one, False)
    found = work.looked(one, work.plan(one, raw_of(one), telling(one)))
    rows = [ImportFault(whole=one, n=n, **vars(bad)) for n, bad in enumerate(found.bad)]
    with transaction.atomic():
        patiently()
        row = locked(one)
        if row is None:
            return
        row.faults.all().delete()
        ImportFault.objects.bulk_create(rows, batch_size=BATCH)
        moved(row, READY, seen=seen, report={**found.report, "stops": found.stops}, bad=found.not_taken)


def write(one: Import, work: Work) -> None:
    """Read the file again and write it, unless what it was compared with has changed, or what the house makes of it.

    That a row became bad does not show in what is written; in a file that is all there is, it would end a thing.
    """
    actor = writer_of(one)
    tell = telling(one)
    plan = work.plan(one, raw_of(one), tell)
    found = work.looked(one, plan)
    tell("write", 0, 0)
    with transaction.atomic():
        patiently()
        row = locked(one)
        if row is None:
            return
        if found.stops or found.not_taken != row.bad or work.state(row, True) != row.seen:
            why = _("What it was compared with has changed since: this is what would be written now.")
            moved(row, WAITING, why=why, applied_by=None)
            let_work(row)
            return
        moved(row, DONE, counts=work.write(actor, row, plan), ended_at=clock.now(), why="")
        drop_file(row)


def locked(one: Import) -> Import | None:
    """The row, unless another job or person has moved it on."""
    return Import.objects.select_for_update().filter(pk=one.pk, version=one.version).first()


def raw_of(one: Import) -> bytes:
    raw = held.read(folder(), one.upload)
    if raw is None:
        raise Unfit(_("The file is no longer here; upload it again."))
    return raw


def writer_of(one: Import) -> Actor:
    """Who pressed, as that person is posted now."""
    posting = queries.posting(one.applied_by_id or 0)
    if posting is None:
        raise Unfit(_("Whoever applied it is no longer posted here."))
    return Actor.of(posting)


def telling(one: Import) -> Tell:
    def tell(stage: str, done: int, total: int) -> None:
        Import.objects.filter(pk=one.pk, version=one.version).update(stage=stage, done=done, total=total)

    return progress.now_and_then(tell)


def drop_file(one: Import) -> None:
    """Delete the upload as soon as it is certain that nobody needs it: what is taken back leaves it."""
    transaction.on_commit(lambda: held.drop(folder(), one.upload), robust=True)


def refuse(one: Import, why: str) -> None:
    with transaction.atomic():
        row = locked(one)
        if row is not None:
            moved(row, REFUSED, why=text.tidy(why), ended_at=clock.now())
            drop_file(row)


def forget_uploads() -> None:
    """Delete the files of more than a day ago, whatever became of them."""
    held.drop_old(folder())


def forget_imports() -> int:
    """Delete those of more than thirty days ago with all that was said of them; returns how many."""
    old = Import.objects.filter(made_at__lt=clock.now() - timedelta(days=later.DAYS_KEPT)).exclude(state=WRITING)
    with transaction.atomic():
        patiently()
        return old.delete()[1].get("org.Import", 0)
