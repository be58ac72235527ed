"""Letters by e-mail: taken in once, with pictures and a sealed sender; what a machine wrote is left alone."""

import io
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from onegrid.events import actions
from onegrid.events.actions import NoLetter
from onegrid.events.adapters import mail
from onegrid.events.models import Contact, Event, Report
from onegrid.testing.cast import County
from onegrid.testing.matters import LAMP, WORDS, make_matters

pytestmark = pytest.mark.django_db


@pytest.fixture
def matters(county: County, settings: Any, tmp_path: Any) -> County:
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "kept")}}
    settings.STORAGES = {**settings.STORAGES, "default": files}
    settings.MAIL_FROM = "onegrid@yunlu.example"
    make_matters(county)
    return county


def letter(words: str = WORDS, picture: bytes = b"", **headers: Any) -> bytes:
    message = EmailMessage()
    given = {"From": "王某 <wang@mail.example>", "Subject": "路灯", "Message-ID": "<1@mail.example>"}
    for name, value in {**given, **{key.replace("_", "-"): value for key, value in headers.items()}}.items():
        message[name] = value
    message.set_content(words)
    if picture:
        message.add_attachment(picture, maintype="image", subtype="jpeg", filename="lamp.jpg")
    return message.as_bytes()


def photo() -> bytes:
    drawn = io.BytesIO()
    Image.effect_noise((64, 64), 40).convert("RGB").save(drawn, "JPEG")
    return drawn.getvalue()


def test_a_letter_becomes_a_report_with_its_picture(matters: County) -> None:
    done = actions.receive_letter(letter(picture=photo()))
    event = Event.objects.get(number=done.number)
    report = event.reports.get()
    assert (done.outcome, report.channel, event.category, event.attachments.count()) == ("received", "email", LAMP, 1)
    assert report.told() == f"路灯\n{WORDS}"


def test_the_senders_address_is_sealed_and_only_masked_outside(matters: County) -> None:
    actions.receive_letter(letter())
    contact = Contact.objects.get()
    assert contact.masked == "w***@mail.example"
    assert b"wang" not in bytes(contact.sealed)


def test_a_letter_delivered_twice_is_one(matters: County) -> None:
    first, again = actions.receive_letter(letter()), actions.receive_letter(letter(words="anders"))
    assert (again.outcome, again.number) == ("known", first.number)
    assert Report.objects.count() == 1
    assert actions.receive_letter(letter(Message_ID="<2@mail.example>")).outcome == "received"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.example>"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@mail.example"},
        {"From": "no-reply@shop.example"},
        {"From": "OneGrid <onegrid@yunlu.example>"},
        {"X_Autoreply": "yes"},
    ],
)
def test_what_a_machine_wrote_is_left_alone(matters: County, headers: dict[str, Any]) -> None:
    assert actions.receive_letter(letter(**headers)).outcome == "automatic"
    assert not Report.objects.exists()


def test_quotes_and_the_signature_are_left_out(matters: County) -> None:
    done = actions.receive_letter(letter("灯又不亮了\n> 您的反映已受理\n-- \n王某 办公室"))
    assert Report.objects.get(number=done.number).told() == "路灯\n灯又不亮了"


def test_a_page_is_read_as_words(matters: County) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "wang@mail.example", "路灯"
    message.set_content("<style>p{}</style><p>东门巷</p><script>alert(1)</script><p>灯不亮</p>", subtype="html")
    assert mail.read(message.as_bytes()).words == "路灯\n东门巷\n灯不亮"


def test_a_long_letter_is_cut_and_says_so(matters: County) -> None:
    report = Report.objects.get(number=actions.receive_letter(letter("灯" * 5000)).number)
    assert (len(report.told()), bool(report.note)) == (4000, True)


def test_what_is_no_picture_is_left_out_and_counted(matters: County) -> None:
    report = Report.objects.get(number=actions.receive_letter(letter(picture=b"no picture")).number)
    assert (report.attachments.count(), "1" in report.note) == (0, True)


def test_an_empty_letter_is_no_report(matters: County) -> None:
    assert actions.receive_letter(letter(" ", Subject="")).outcome == "empty"


@pytest.mark.parametrize("raw", [b"", b"no headers at all", b"\xff\xfe\x00", b"From: \r\n\r\nhello"])
def test_what_is_no_message_is_said_so(matters: County, raw: bytes) -> None:
    with pytest.raises(NoLetter):
        actions.receive_letter(raw)


@pytest.mark.parametrize("charset", ["no-such-charset", "gb18030"])
def test_a_strange_character_set_is_not_fatal(matters: County, charset: str) -> None:
    head = f"From: wang@mail.example\r\nSubject: =?{charset}?B?xxx?=\r\n"
    raw = f"{head}Content-Type: text/plain; charset={charset}\r\n\r\n"
    assert mail.read(raw.encode() + "灯不亮".encode("gb18030")).sender == "wang@mail.example"


def test_a_folder_is_emptied_and_what_fails_stays(matters: County, tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    (tmp_path / "box" / "new" / "1.good").write_bytes(letter())
    (tmp_path / "box" / "new" / "2.bad").write_bytes(b"nothing")
    said = io.StringIO()
    with pytest.raises(CommandError):
        call_command("receive_mail", maildir=tmp_path / "box", stdout=said, stderr=io.StringIO())
    assert [path.name for path in (tmp_path / "box" / "cur").iterdir()] == ["1.good:2,S"]
    assert [path.name for path in (tmp_path / "box" / "new").iterdir()] == ["2.bad"]
    assert "wang" not in said.getvalue()
