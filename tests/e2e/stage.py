"""The matter that must be there for all pages, and the values of their {places}."""

import io
from typing import Any

from django.db.models import F
from PIL import Image

from onegrid.events import actions, queries
from onegrid.events.models import Attachment, Event, Reason, ReplyTemplate
from onegrid.gazetteer import actions as gazetteer
from onegrid.gazetteer.actions import NameRow
from onegrid.kit import images, reference
from onegrid.notices.models import Message
from onegrid.org import actions as org
from onegrid.org.roles import Actor
from onegrid.public import actions as public
from onegrid.public.models import Follower
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, County, middle
from tests.e2e.layer_pages import layered
from tests.e2e.page import Page
from tests.e2e.pages import ADVICE
from tests.e2e.supervision_pages import Supervised
from tests.e2e.territory_pages import drafted


def protected(county: County) -> str:
    """A matter about an office, with a request to open who reported it."""
    made = told.reported(about_office=True, about_unit="city", contact={"phone": "13800000003"})
    actions.ask_unsealing(actor=county.receiver, number=made.number, voice=made.number, purpose="约时间核实")
    return made.number


class Stage(Supervised):
    """The matter of all pages, and the values of their {places}."""

    def __init__(self, county: County) -> None:
        self.county, self.places, self.keys = county, dict[str, str](), 0
        Reason.objects.create(verb="emergency", code="119:着火", name_zh="着火", name_en="fire")
        reference.clear_all()
        for state in told.WAYS:
            self.carried(state)
        asked = told.event_in("handling", county)
        given = {"reason": "weather", "days": 2, "words": "连日下雨"}
        actions.ask_for(actor=county.handler, number=asked.number, kind="extend", given=given)
        self.places["asked"] = asked.number
        words = "{place}：明天停水"
        made = actions.freeze(actor=self.county.dispatcher, words=words, filters=queries.Filters())
        self.places["mass"] = str(made.pk)
        self.places["template"] = str(template().pk)
        self.many_hands()
        self.lead_matters()
        self.linked()
        told.article()
        told.ask_further(told.LANE)
        self.places["typed"] = actions.report(
            actor=county.receiver, words=ADVICE, contact={"phone": "13800000002"}
        ).number
        self.places["protected"] = protected(county)
        self.places["sealed"] = told.reported("楼下麻将馆天天赌博").number
        self.let_in(county, self.places["sealed"])
        self.spoken_of(self.places["reported"], self.places["handling"])
        org.make_token(county.receiver, name="program")
        for one in (county.duty_leader, county.leader):
            assert one.posting_id is not None
            actions.put_on_call(actor=county.leader, posting_id=one.posting_id)
        self.unknown_messages()
        self.open_to_strangers()
        self.supervise()
        self.places |= drafted(county)
        layered(county)
        self.placeless()

    def placeless(self) -> None:
        """A matter without a pin, whose words name a place; and one that was put right."""
        rows = [NameRow("1", "poi", "东门农贸市场", *middle(1)), NameRow("2", "street", "滨河路", *middle(3))]
        gazetteer.keep_names(Actor.system(), source="stage", rows=rows)
        self.places["placeless"] = told.reported("东门农贸市场后门的路灯坏了", area="", address="滨河路8号").number
        moved = told.event_in("handling", self.county, address="东门巷 12 号")
        given = {"longitude": 104.635, "latitude": 28.705, "words": "来电核实，在溪口村", "hand_over": True}
        actions.take(actor=self.county.receiver, number=moved.number, verb="place", given=given)
        self.places["moved"] = moved.number

    def let_in(self, county: County, number: str) -> None:
        """The analyst reads a sealed matter for a while; the auditor's request waits for a leader."""
        given: dict[str, Any] = {"number": number, "purpose": "会商核对时间和经过"}
        asked = actions.ask_viewing(actor=county.analyst, hours=168, **given)
        actions.decide_viewing(actor=county.leader, viewing_id=asked.pk, grant=True)
        waits = actions.ask_viewing(actor=county.auditor, hours=24, **given)
        self.places["viewing"] = str(waits.pk)

    def many_hands(self) -> None:
        """One matter with an assisting unit, one on its way to another unit, and two that are one."""
        county = self.county
        joint, passing = told.event_in("handling", county), told.event_in("handling", county)
        kept, gone = told.event_in("handling", county), told.event_in("accepted", county, words="东门巷又不亮了")
        given = {"unit": "fire", "words": "请到场封控，防止触电"}
        actions.take(actor=county.dispatcher, number=joint.number, verb="assist", given=given)
        joint = actions.take_part(actor=county.other_handler, number=joint.number, unit="fire", verb="claim_part")
        given = {"reason": "灯杆属于住建", "unit": "housing"}
        actions.ask_for(actor=county.handler, number=passing.number, kind="transfer", given=given)
        actions.take(actor=county.receiver, number=gone.number, verb="merge", given={"into": kept.number})
        self.places |= {
            "joint": joint.number, "version:joint": str(joint.version), "passing": passing.number,
            "kept": kept.number, "joined": gone.number,
        }  # fmt: skip

    def unknown_messages(self) -> None:
        """One of which nobody knows whether it arrived, and one that did not."""
        centre, number = self.county.units["centre"], self.places["handling"]
        common = {"unit": centre, "number": number, "kind": "accept", "channel": "sms", "args": {}}
        row = Message.objects.create(to_report=1, state="unknown", dedupe="u", detail="no answer", **common)
        Message.objects.create(to_report=1, state="undelivered", dedupe="v", **common)
        Message.objects.create(to_report=1, state="failed", dedupe="x", **{**common, "channel": "in_app"})
        told_of = {"to_posting_id": self.county.receiver.posting_id, "kind": "to_claim", "channel": "mail"}
        Message.objects.create(state="unknown", dedupe="w", unit=centre, number=number, **told_of)
        self.places["unknown"] = str(row.pk)

    def linked(self) -> None:
        """Two matters that units without an account answer by a link."""
        for state in ("assigned", "handling"):
            event = told.event_in(state, self.county, pictures=[photo()], address="东门巷 12 号")
            _link, code = actions.make_link(actor=self.county.dispatcher, number=event.number, days=7)
            actions.open_link(code=code)
            self.places |= {f"code:{state}": code, "linked": event.number, "version:linked": str(event.version)}

    def lead_matters(self) -> None:
        """What a leader's page shows: a call, something to decide, something late."""
        grave = told.reported("楼道里有燃气味，怕是漏气").event
        actions.raise_alert(event_id=grave.pk, cause="report")
        checked = told.event_in("checking", self.county)
        Event.objects.filter(pk=checked.pk).update(level=2)
        given: dict[str, Any] = {"words": "已现场复核，无漏气"}
        actions.ask_for(actor=self.county.checker, number=checked.number, kind="pass_check", given=given)
        waiting = told.event_in("accepted", self.county)
        given = {"reason": "mistake", "words": "重复录入"}
        actions.ask_for(actor=self.county.receiver, number=waiting.number, kind="void", given=given)
        waiting.refresh_from_db()
        self.places |= {"waiting": waiting.number, "version:waiting": str(waiting.version)}
        late = told.event_in("handling", self.county)
        Event.objects.filter(pk=late.pk).update(due_at=late.reported_at)

    def open_to_strangers(self) -> None:
        """A released title, somebody who follows by e-mail, the figures of the promises."""
        event = Event.objects.get(number=self.places["handling"])
        actions.release_title(actor=self.county.receiver, number=event.number, release=True, title="东门巷路灯")
        public.ask_to_follow(mail="li@example.com", area=COUNTY, category="", pace="weekly", language="zh-hans")
        self.places["code"] = public.following.opened(Follower.objects.get())[1]
        public.count_promises(months=1)

    def carried(self, state: str) -> None:
        said = told.reported(
            pictures=[photo()], contact={"name": "张某", "phone": "13800000001"}, address="东门巷 12 号"
        )
        Attachment.objects.filter(event=said.event).update(
            released_at=said.event.reported_at, public_sha256=F("sha256")
        )
        event = told.carry(said, state, self.county)
        self.places[f"photo:{state}"] = event.attachments.values_list("sha256", flat=True)[0]
        self.places |= {state: event.number, f"receipt:{state}": said.receipt, f"version:{state}": str(event.version)}

    def spoken_of(self, reported: str, handling: str) -> None:
        """A second voice, a look at the contact, a message and an inner note."""
        actions.join(actor=Actor.stranger(), number=reported, words="我家门口也不亮")
        actions.reveal(actor=self.county.receiver, number=reported, voice=reported, purpose="核对地址")
        actions.take(actor=self.county.handler, number=handling, verb="tell", given={"words": "明天上午到"})
        actions.take(actor=self.county.handler, number=handling, verb="note", given={"words": "带梯子"})
        self.places["version:reported"] = str(Event.objects.get(number=reported).version)

    def person(self, page: Page) -> Actor:
        return Actor.stranger() if page.who == "stranger" else self.county.people[page.who]

    def path(self, page: Page) -> str:
        return self.filled(page.path)

    def form(self, page: Page) -> dict[str, str]:
        return {name: self.filled(value) for name, value in page.form.items()}

    def filled(self, text: str) -> str:
        self.keys += 1
        for name, value in {**self.places, "key": f"page-{self.keys}"}.items():
            text = text.replace("{" + name + "}", value)
        return text

    def answer(self, page: Page, client: Any) -> Any:
        """The page as Django's test client gets it."""
        form = self.form(page)
        return client.post(self.path(page), form) if form else client.get(self.path(page))


def template() -> ReplyTemplate:
    return ReplyTemplate.objects.create(
        code="way", verbs=["tell"], states=["handling"], category="05", name_zh="在路上", name_en="On the way",
        words_zh="{unit}的人【几点】到。", words_en="{unit} is there at [time].",
    )  # fmt: skip


def photo() -> images.Picture:
    drawn = io.BytesIO()
    Image.effect_noise((320, 240), 40).convert("RGB").save(drawn, "JPEG")
    return images.rebuild(drawn.getvalue())
