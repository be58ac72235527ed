"""A circular on paper: in the usual form, from what stands fast, the same bytes each time, for whoever sees it."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from docx import Document

from onegrid.org.models import Unit
from onegrid.org.roles import Actor
from onegrid.supervision import actions
from onegrid.supervision.models import Circular
from onegrid.supervision.views import circular_paper
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def hand(county: County) -> Iterator[told.Hand]:
    told.make_matters(county)
    actions.set_prefix(actor=county.leader, prefix="云综治通")
    with told.at(told.MORNING - timedelta(days=8)) as hand:
        for _each in range(3):
            told.event_in("closed", county)
        told.event_in("handling", county)
        hand.to(told.MORNING)
        yield hand


def draft(county: County, language: str = "zh-hans") -> Circular:
    return actions.draft_circular(actor=county.dispatcher, place=COUNTY, span="week", language=language)


def published(county: County, language: str = "zh-hans") -> Circular:
    made = draft(county, language)
    for verb, actor in (("submit", county.dispatcher), ("approve", county.leader), ("publish", county.dispatcher)):
        made = actions.move_circular(actor=actor, circular_id=made.pk, verb=verb, version=made.version)
    return made


def document_of(raw: bytes) -> tuple[list[str], list[list[str]]]:
    """Its lines, and the rows of its tables."""
    read = Document(io.BytesIO(raw))
    rows = [[cell.text for cell in row.cells] for table in read.tables for row in table.rows]
    return [paragraph.text for paragraph in read.paragraphs], rows


def test_the_document_has_the_usual_form(county: County) -> None:
    lines, rows = document_of(circular_paper.drawn_docx(published(county)))
    assert lines[:2] == ["云麓县综治中心", "云综治通〔2026〕1号"]
    assert lines[3].startswith("关于云麓县2026年10月5日至2026年10月11日")
    assert [line for line in lines if line[1:2] == "、"] == [
        "一、总体情况", "二、办理情况", "三、存在问题", "四、下步要求",
    ]  # fmt: skip
    signed = lines.index("2026年10月14日")
    assert lines[signed - 1] == "云麓县综治中心"
    assert ["收到", "4", "0", "+4"] in rows
    assert ["综合行政执法局", "4", "3", "1"] in rows


def test_body_and_title_have_the_letters_and_the_pitch_of_official_papers(county: County) -> None:
    read = Document(io.BytesIO(circular_paper.drawn_docx(published(county))))
    title: Any = read.paragraphs[3]
    body: Any = read.paragraphs[7]
    assert ("方正小标宋简体" in title._p.xml, title.alignment, title.runs[0].font.size.pt) == (True, 1, 22)
    assert ("仿宋_GB2312" in body._p.xml, body.runs[0].font.size.pt) == (True, 16)
    assert (body.paragraph_format.line_spacing.pt, body.paragraph_format.first_line_indent.pt) == (28, 32)
    assert "PAGE" in read.sections[0].footer._element.xml
    fonts = next(part for part in read.part.package.iter_parts() if part.partname.endswith("fontTable.xml"))
    assert '<w:altName w:val="仿宋"/>' in fonts.blob.decode()


def test_both_are_the_same_bytes_each_time_whatever_happens_meanwhile(county: County, hand: told.Hand) -> None:
    made = published(county)
    first = circular_paper.drawn_pdf(made), circular_paper.drawn_docx(made)
    assert first[0].startswith(b"%PDF-")
    hand.on(days=40)
    told.reported()
    Unit.objects.filter(code="centre").update(name_zh="别的中心")
    made = Circular.objects.get(pk=made.pk)
    assert (circular_paper.drawn_pdf(made), circular_paper.drawn_docx(made)) == first


def test_a_draft_and_a_withdrawn_one_say_so(county: County) -> None:
    made = draft(county)
    assert "草稿" in document_of(circular_paper.drawn_docx(made))[0]
    made = published(county)
    made = actions.move_circular(
        actor=county.leader, circular_id=made.pk, verb="withdraw", version=made.version, words="数据有误"
    )
    assert document_of(circular_paper.drawn_docx(made))[0][0] == "已撤回: 数据有误"


def test_an_english_circular_is_english(county: County, browser_of: Browser) -> None:
    made = published(county, "en")
    answer = browser_of(county.handler).get(f"/supervise/circulars/{made.pk}/paper.docx")
    lines, rows = document_of(answer.content)
    assert lines[0] == "Yunlu Governance Centre"
    assert "1. Overall" in lines
    assert ["Received", "4", "0", "+4"] in rows


def test_neighbours_and_strangers_to_it_get_neither(county: County, browser_of: Browser) -> None:
    made = draft(county)
    for ending in ("pdf", "docx"):
        address = f"/supervise/circulars/{made.pk}/paper.{ending}"
        answer = browser_of(county.leader).get(address)
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        for name in ("neighbour", "handler", "worker"):
            assert browser_of(county.people[name]).get(address).status_code == 404
