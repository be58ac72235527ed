"""What the form of each door holds in the page matrix, and what must be there for the doors of supervision."""

import re
from typing import Any

from onegrid.events import actions
from onegrid.events.models import Event
from onegrid.gazetteer import actions as gazetteer
from onegrid.insight import actions as insight
from onegrid.org import actions as org
from onegrid.supervision import actions as supervision
from onegrid.supervision.models import SECTIONS, Plan, RuleHit
from onegrid.supervision.tests import test_rule
from onegrid.territory.tests import made
from onegrid.testing import cast, jobs
from onegrid.testing import matters as told
from onegrid.testing.cast import County

Given = dict[str, Any]
TEMPLATE = {"name_zh": "在路上", "name_en": "On the way", "words_zh": "{unit}已派人", "words_en": "{unit} is coming",
            "verbs": "tell", "active": "yes"}  # fmt: skip
CIRCULAR = {**dict.fromkeys(SECTIONS, "抓紧办理"), "title": "通报", "unit": [], "version": 1}
PLAN = {"name": "通用", "area": cast.COUNTY, "levels": ["4"], "steps": "设置警示牌"}


def form_of(county: County, door: str, said: actions.Reported, code: str, version: int) -> Given:
    """The form of this door, whoever sends it; nothing for a door without one."""
    return (
        of_residents(said, code, version)
        | of_the_desk(said)
        | of_supervision(county, version)
        | of_own(county)
        | of_areas()
        | of_layers()
    ).get(door, {})


def of_residents(said: actions.Reported, code: str, version: int) -> dict[str, Given]:
    receipt = said.receipt
    return {
        "POST /report/": {"page": "what", "words": told.WORDS},
        "POST /my-grid/": {"longitude": "104.605", "latitude": "28.705"},
        "POST /report/send/": {"words": told.WORDS},
        "POST /track/": {"receipt": receipt},
        "POST /track/act/": {"receipt": receipt, "verb": "withdraw"},
        "POST /track/receipt/": {"receipt": receipt},
        "POST /open/follow/": {"mail": "li@example.com", "area": cast.COUNTY, "category": "", "pace": "weekly"},
        "POST /open/mine/": {"code": "", "do": "end"},
        "POST /size/": {"size": "elder", "next": "/"},
        "POST /answer/": {"code": code},
        "POST /answer/act/": {"code": code, "verb": "claim", "version": version},
        "POST /language/": {"language": "en", "next": "/"},
    }


def of_areas() -> dict[str, Given]:
    head = {"title": "网格调整", "reason": "住户增加", "effective_on": ahead(3)}
    there = "POST /settings/areas/{redivision_id}/"
    return {
        "POST /settings/areas/new/": head,
        f"{there}edit/": {**head, "version": 2},
        f"{there}drop/": {"version": 2},
        f"{there}change/{{kind}}/": {"key": cast.GRIDS[5], "name_zh": "石桥一格", "version": 2},
        f"{there}{{verb}}/": {"version": 2},
    }


def of_layers() -> dict[str, Given]:
    wish = {"code": "benches", "name_zh": "座椅", "icon": "dot", "source": "园林所", "seen": "staff", "version": 1}
    return {
        "POST /settings/layers/": wish,
        "POST /settings/layers/{code}/": wish,
        "POST /settings/layers/{code}/show/": {"seen": "public", "version": 1},
        "POST /settings/layers/{code}/things/": {"system": "wgs84"},
        "POST /settings/names/": {"system": "wgs84", "source": "survey"},
    }


def layered(county: County) -> Given:
    """A layer of the county."""
    wish = gazetteer.LayerWish("hydrants", "消火栓", "消防大队")
    return {"code": gazetteer.keep_layer(county.admin_system, wish=wish).code}


def imported(county: County) -> Given:
    """A file of codes that waits to be applied; one of its rows is bad."""
    lines = "code,name\n511502009,新设镇\nabc,无代码\n".encode()
    upload = org.Upload("areas", "territory.tasks.import_areas", "/settings/areas/import/", "codes.csv", [lines])
    one = org.begin_import(county.admin_system, upload)
    jobs.work(upload.task)
    return {"import_id": one.pk}


def redivided(county: County) -> Given:
    """A draft of the county's centre with one change."""
    one = made.split_first(county, made.begin(county, ahead(3)))
    return {"redivision_id": one.pk, "kind": "change", "verb": "withdraw"}


def of_own(county: County) -> dict[str, Given]:
    return {
        "POST /login/": {"username": "receiver", "password": cast.PASSWORD},
        "POST /me/tokens/": {"name": "program"},
        "POST /me/language/": {"language": "en"},
        "POST /settings/areas/import/": {"what": "areas"},
        "POST /settings/imports/{import_id}/": {"deed": "drop", "version": 2},
        "POST /wall/links/": {"area": cast.COUNTY, "name": "大厅", "days": "90"},
        "POST /desk/oncall/": {"deed": "put", "posting": county.duty_leader.posting_id},
        "POST /me/deputy/": {"deputy": county.dispatcher.posting_id, "since": ahead(0), "until": ahead(0)},
    }


def of_the_desk(said: actions.Reported) -> dict[str, Given]:
    return {
        "POST /desk/new/": {"words": told.WORDS},
        "POST /desk/outgoing/again/": {"reason": "短信网关恢复"},
        "POST /desk/outgoing/{outgoing_id}/": {"deed": "leave", "reason": "已电话告知"},
        "POST /desk/new/alike/": {"words": told.WORDS},
        "POST /desk/bulk/": {"verb": "tell", "number": said.number},
        "POST /desk/bulk/do/": {"verb": "tell", "row": f"{said.number}|1|", "words": "在办"},
        "POST /desk/views/ask/": {"number": said.number, "purpose": "会商核对", "hours": "4"},
        "POST /lead/views/{viewing_id}/": {"grant": "yes"},
        "POST /desk/mass/new/": {"words": "明天停水"},
        "POST /desk/new/further/": {"words": told.WORDS},
        "POST /desk/on-the-spot/": {"words": "路口有垃圾", "category": told.RUBBISH, "result": "已清扫"},
        "POST /desk/articles/new/": told.ARTICLE,
        "POST /desk/articles/{code}/": {**told.ARTICLE, "version": 1},
        "POST /desk/templates/": TEMPLATE,
        "POST /desk/templates/{template_id}/": {**TEMPLATE, "version": 1},
    }


def viewing_places(county: County, door: str) -> Given:
    """A sealed tip of which the analyst asked for a view; granted, unless it is the grant that is tried."""
    if not re.search(r"/views/{", door):
        return {}
    said = told.reported("楼下麻将馆天天赌博")
    asked = actions.ask_viewing(actor=county.analyst, number=said.number, purpose="会商核对", hours=4)
    if "/lead/" not in door:
        actions.decide_viewing(actor=county.leader, viewing_id=asked.pk, grant=True)
    return {"number": said.number, "viewing_id": asked.pk}


def of_supervision(county: County, version: int) -> dict[str, Given]:
    return {
        "POST /supervise/plans/new/": PLAN,
        "POST /supervise/plans/{plan_id}/": {**PLAN, "version": 1},
        "POST /supervise/plans/{plan_id}/switch/": {"active": "no", "version": 1},
        "POST /supervise/rulings/{ruling_id}/": {**test_rule.GIVEN, "version": version},
        "POST /supervise/rulings/{ruling_id}/withdraw/": {"why": "新办法改由别的单位负责"},
        "POST /supervise/hard/{case_id}/": {"deed": "take_off", "words": "费用已落实"},
        "POST /supervise/meetings/{meeting_id}/": {"deed": "cancel_meeting", "words": "改期"},
        "POST /supervise/rules/": {"deed": "keep", "trigger": "after_due", "amount": "9", "action": "warn_leader"},
        "POST /supervise/rules/{rule_id}/": {"deed": "off"},
        "POST /supervise/tasks/{task_id}/": {"deed": "report_task", "words": "已排查"},
        "POST /supervise/board/new/": board_days(),
        "POST /supervise/circulars/prefix/": {"prefix": "云综治通"},
        "POST /supervise/circulars/new/": {"place": cast.COUNTY, "span": "week", "language": "zh-hans"},
        "POST /supervise/circulars/{circular_id}/edit/": CIRCULAR,
        "POST /supervise/circulars/{circular_id}/do/{verb}/": {"version": 1},
        "POST /supervise/places/new/": place_form(county),
        "POST /supervise/places/{work_id}/": {
            "deed": "add_measure",
            "words": "补画标线",
            "owner": "city",
            "due": ahead(8),
        },
        "POST /supervise/places/{work_id}/edit/": {**place_form(county), "version": 1},
        "POST /supervise/meetings/new/": {**meeting(county), "unit": "city"},
        "POST /supervise/roster/": shift_of(county),
    }


def shift_of(county: County) -> Given:
    """The duty leader of the county's centre, for twelve hours from tomorrow's eight o'clock on."""
    day = (told.clock.local(told.clock.now()) + told.timedelta(days=1)).date().isoformat()
    return {"deed": "put", "kind": "duty_leader", "place": "1", "person": county.duty_leader.posting_id,
            "begins": f"{day}T08:00", "ends": f"{day}T20:00"}  # fmt: skip


def supervision_places(county: County, event: Event, door: str) -> Given:
    """What the county's centre has set going on a matter."""
    made = supervision.instruct(actor=county.leader, number=event.number, words="请排查线路", units=["city"])
    called = supervision.Called(units=["city"], **meeting(county))
    table = supervision.call_meeting(actor=county.leader, called=called)
    looked = supervision.Looked("费用没有落实", "court", ahead(5))
    case = supervision.put_on_hard_list(
        actor=county.leader, number=event.number, looked=looked, lead=str(county.leader.posting_id)
    )
    wish = supervision.Wish(trigger="after_due", amount="60", action="propose_yellow")
    rule = supervision.keep_rule(actor=county.leader, wish=wish)
    hit = RuleHit.objects.create(
        rule=rule, event=event, round="1", action=rule.action, at=rule.since, unit=county.units["city"], kind="yellow"
    )
    return {
        "task_id": made.tasks.get().pk, "meeting_id": table.pk, "case_id": case.pk, "rule_id": rule.pk,
        "hit_id": hit.pk, "name": "received", "verb": "submit",
        "board_id": supervision.put_up(actor=county.dispatcher, **board_days()).pk,
        "circular_id": circular_for(county, door) if "/circulars/{" in door else 0,
        **({"work_id": place_for(county, door), "name": "term"} if "{work_id}" in door else {}),
        "plan_id": planned(county).pk if "plan_id" in door else 0,
        **({"code": "centre-002"} if "roster" in door else {}),
    }  # fmt: skip


def outline_sheet(door: str) -> dict[str, str]:
    """A drawn sheet: of all towns, or the grids of one."""
    insight.draw_outlines()
    return {"level": "grid", "home": cast.TOWNS[0]} if "{home}" in door else {"level": "town"}


def wall_screen(county: County) -> int:
    """A screen of the county's centre."""
    return insight.make_wall_link(actor=county.leader, area=cast.COUNTY, name="大厅", days="90")[0].pk


def ahead(days: int) -> str:
    return told.clock.local(told.clock.now() + told.timedelta(days=days)).date().isoformat()


def meeting(county: County) -> dict[str, str]:
    """A meeting of the county's centre, tomorrow."""
    starts = told.clock.local(told.clock.now() + told.timedelta(days=1)).strftime("%Y-%m-%dT09:00")
    return {
        "title": "线路会商", "kind": "analysis", "room": "三楼", "starts": starts, "series": "none",
        "chair": str(county.leader.posting_id),
    }  # fmt: skip


def place_form(county: County) -> Given:
    """Joint work on a village of the county's town, from today on."""
    return {
        "title": "东门市场周边整治", "problem": "占道反复", "plan": "先清理，后巡查",
        "area": cast.VILLAGES[0], "radius": "300",
        "lead": "city", "charge": county.leader.posting_id, "since": ahead(0), "until": ahead(20),
        "measure_words": ["清理"], "measure_unit": ["city"], "measure_due": [ahead(6)],
    }  # fmt: skip


def place_for(county: County, door: str) -> int:
    """A proposal where it is changed, else one that a leader has approved: it has begun."""
    form = place_form(county)
    measures = [(form.pop("measure_words")[0], form.pop("measure_unit")[0], form.pop("measure_due")[0])]
    wish = supervision.PlaceWish(**{**form, "charge": str(form["charge"])}, measures=measures)
    made = supervision.propose_place_work(actor=county.dispatcher, wish=wish)
    return made.pk if "/edit/" in door else supervision.approve_place_work(actor=county.leader, work_id=made.pk).pk


def board_days() -> dict[str, str]:
    """A notice of today."""
    today = told.clock.local(told.clock.now()).date().isoformat()
    return {"title": "升级", "words": "暂停使用", "since": today, "until": today}


def circular_for(county: County, door: str) -> int:
    """A draft where it is changed, else one that has gone out to every unit."""
    made = supervision.draft_circular(actor=county.dispatcher, place=cast.COUNTY, span="week")
    supervision.set_prefix(actor=county.leader, prefix="云综治通")
    steps = (("submit", county.dispatcher), ("approve", county.leader), ("publish", county.dispatcher))
    for verb, actor in () if "/edit/" in door or "/do/" in door else steps:
        made = supervision.move_circular(actor=actor, circular_id=made.pk, verb=verb, version=made.version)
    return made.pk


def away(county: County) -> int:
    """The dispatcher stands in for the centre's leader."""
    now, deputy = told.clock.now(), county.dispatcher.posting_id
    assert deputy is not None
    return org.delegate(county.leader, deputy_id=deputy, since=now, until=now + told.timedelta(days=3)).pk


def second_objection(county: County, *, withdraws: bool) -> tuple[int, int]:
    """The city management office has objected twice; ruled already, where its precedent is to be withdrawn."""
    event = test_rule.objected_twice(county)
    ruling = test_rule.ruling_on(event)
    if withdraws:
        test_rule.ruled(county, event)
    return ruling.pk, event.version


def planned(county: County) -> Plan:
    """The county's plan for every kind of matter: one first step."""
    given = {"name": "通用", "area": cast.COUNTY, "levels": "1234", "steps": "设置警示牌"}
    return supervision.keep_plan(actor=county.leader, given=given)
