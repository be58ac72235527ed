"""Every page of the house: its address, who opens it, and the matter that must be there for it.

A new address joins this list or, with a reason, the exceptions: test_axe.py and test_headers.py walk over all of it.
"""

import io
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from PIL import Image

from onegrid.events import actions, queries
from onegrid.events.models import Attachment, Event, Reason, ReplyTemplate
from onegrid.kit import images, reference
from onegrid.notices.models import Message
from onegrid.org import actions as org
from onegrid.org.roles import Actor
from onegrid.public import actions as public
from onegrid.public.models import Follower
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, County

HERE = {"longitude": "104.605", "latitude": "28.705"}
TWIN = "东门巷三盏路灯不亮，晚上看不见路"
ADVICE = "咨询一下居住证怎么办理"
LANE = "三号楼的消防通道被车堵了"
ALL_QUEUES = ("to_accept", "open", "done")


@dataclass(frozen=True)
class Page:
    """One page: the name of its address, who opens it, its path and form with {places} that the stage fills."""

    name: str
    who: str
    path: str
    form: dict[str, str] = field(default_factory=dict)
    status: int = 200

    def __str__(self) -> str:
        return f"{self.path} as {self.who}" + (f" ({self.status})" if self.status != 200 else "")


# Kept short: what answers with no page of its own.
NO_PAGE = {
    "public:photo": "a picture",
    "public:answer_photo": "a picture",
    "public:language": "leads back to where one was",
    "public:size": "leads back to where one was",
    "public:promises_data": "JSON for machines",
    "public:healthz": "a word for machines",
    "public:readyz": "JSON for machines",
    "public:robots": "a text for machines",
    "org:logout": "leads to the sign-in page",
    "org:switch_posting": "leads to one's own page",
    "org:end_sessions": "leads to one's own page",
    "org:revoke_token": "leads to one's own page",
    "org:choose_language": "leads to one's own page",
    "events:read_message": "leads to the event of the message",
    "events:ticket": "JSON for the page that is open",
    "events:photo": "a picture",
    "events:paper": "a PDF",
    "events:lift_hold": "leads back to how long it is kept",
    "events:release": "leads back to the event",
    "events:release_title": "leads back to the event; what is wrong is shown as after events:take",
    "lead:acknowledge": "leads back to the leader's page; what is wrong is shown as after lead:decide",
    "events:release_mass": "leads back to the notice",
    "events:withdraw_mass": "leads back to the notice",
    "events:undo": "leads back to the event",
    "events:part": "leads back to the event",
    "events:ask_for": "leads back to the event; what is wrong is shown as after events:take",
    "events:decide": "leads back to the event; what is wrong is shown as after events:take",
    "events:ask_for_part": "leads back to the event; what is wrong is shown as after events:take_part",
    "events:decide_part": "leads back to the event; what is wrong is shown as after events:take_part",
}
# Parts that scripts put into an open page; the whole page with them in it is looked at under its own address.
PARTS = (
    Page("events:counters", "dispatcher", "/desk/counters/?queue=to_dispatch"),
    Page("events:row", "receiver", "/desk/open/rows/{handling}/"),
    Page("events:hints", "receiver", "/desk/events/{reported}/hints/tell/", {"words": "13800000001 在看"}),
    Page("events:alike", "receiver", "/desk/new/alike/", {"words": TWIN, "area": COUNTY + "001"}),
    Page("events:further", "receiver", "/desk/new/further/", {"words": ADVICE}),
)
REPORT = (
    Page("public:portal", "stranger", "/"),
    Page("public:report", "stranger", "/report/"),
    Page("public:report", "stranger", "/report/", {"page": "what", "words": " "}, 422),
    Page("public:report", "stranger", "/report/", {"page": "what", "words": "楼上着火了"}),
    Page("public:report", "stranger", "/report/", {"page": "what", "words": TWIN}),
    Page("public:report", "stranger", "/report/", {"page": "where", "words": TWIN, **HERE}),
    Page("public:report", "stranger", "/report/", {"page": "same", "words": TWIN, **HERE}),
    Page("public:report", "stranger", "/report/", {"page": "where", "words": LANE, "category": told.LANE}),
    Page("public:report", "stranger", "/report/", {"page": "further", "words": LANE, "category": told.LANE}, 422),
    Page("public:send", "stranger", "/report/send/", {"words": TWIN, "idempotency_key": "{key}", **HERE}, 201),
)
TRACK = (
    Page("public:track", "stranger", "/track/"),
    Page("public:track", "stranger", "/track/", {"receipt": "wrong"}, 404),
    *(
        Page("public:track", "stranger", "/track/", {"receipt": "{receipt:" + state + "}"})
        for state in (
            "reported",
            "waiting_reporter",
            "refused",
            "assigned",
            "suspended",
            "rating",
            "closed",
            "archived",
            "void",
        )
    ),
    Page(
        "public:act",
        "stranger",
        "/track/act/",
        {"receipt": "{receipt:waiting_reporter}", "verb": "answer", "idempotency_key": "{key}"},
        422,
    ),
    Page("public:receipt", "stranger", "/track/receipt/", {"receipt": "{receipt:reported}"}),
)
OPEN = (
    Page("public:open", "stranger", "/open/"),
    Page("public:open", "stranger", "/open/?state=waiting"),
    Page("public:open", "stranger", f"/open/?area={COUNTY}003"),
    Page("public:follow", "stranger", "/open/follow/"),
    Page("public:follow", "stranger", "/open/follow/", {"mail": "nobody", "idempotency_key": "{key}"}, 422),
    Page("public:mine", "stranger", "/open/mine/"),
    Page("public:mine", "stranger", "/open/mine/", {"code": "wrong"}, 404),
    Page("public:mine", "stranger", "/open/mine/", {"code": "{code}"}),
    Page("public:promises", "stranger", "/promises/"),
    Page("public:tasks", "stranger", "/promises/tasks/"),
)
ANSWER = (
    Page("public:answer", "stranger", "/answer/"),
    Page("public:answer", "stranger", "/answer/", {"code": "wrong"}, 404),
    Page("public:answer", "stranger", "/answer/", {"code": "{code:assigned}"}),
    Page("public:answer", "stranger", "/answer/", {"code": "{code:handling}"}),
    Page("public:answer_act", "stranger", "/answer/act/",
         {"code": "{code:handling}", "verb": "note", "words": " ", "version": "{version:linked}",
          "idempotency_key": "{key}"}, 422),
)  # fmt: skip
OWN = (
    Page("org:login", "stranger", "/login/"),
    Page("org:login", "stranger", "/login/", {"username": "receiver", "password": "wrong"}, 422),
    Page("org:me", "receiver", "/me/"),
    Page("org:me", "admin_system", "/me/"),
    Page("notices:preferences", "receiver", "/me/notices/"),
    Page(
        "notices:preferences",
        "handler",
        "/me/notices/",
        {"version": "0", "urgent_sms": "1", "sms_address": "12", "idempotency_key": "{key}"},
        422,
    ),
    Page("org:make_token", "receiver", "/me/tokens/", {"name": "program", "idempotency_key": "{key}"}),
)
DESK = (
    Page("events:desk", "receiver", "/desk/"),
    Page("events:desk", "analyst", "/desk/"),
    *(Page("events:queue", "dispatcher", f"/desk/{queue}/") for queue in ALL_QUEUES),
    Page("events:queue", "receiver", "/desk/open/?level=1"),
    Page("events:new", "receiver", "/desk/new/"),
    Page("events:new", "receiver", "/desk/new/", {"words": " ", "idempotency_key": "{key}"}, 422),
    Page("events:new", "worker", "/desk/new/"),
    Page(
        "events:new",
        "receiver",
        "/desk/new/",
        {"words": ADVICE, "category": told.ADVICE, "go": "answer", "idempotency_key": "{key}"},
        422,
    ),
    Page("events:receipt", "receiver", "/desk/new/{typed}/receipt/"),
    Page("events:on_the_spot", "worker", "/desk/on-the-spot/"),
    Page("events:on_the_spot", "worker", "/desk/on-the-spot/?done={typed}"),
    Page("events:on_the_spot", "worker", "/desk/on-the-spot/", {"words": "", "idempotency_key": "{key}"}, 422),
    Page("events:articles", "worker", "/desk/articles/"),
    Page("events:articles", "leader", "/desk/articles/?q=没有这样的条目"),
    Page("events:new_article", "dispatcher", "/desk/articles/new/"),
    Page("events:article", "leader", "/desk/articles/known/"),
    Page(
        "events:article",
        "leader",
        "/desk/articles/known/",
        {"title_zh": "x", "version": "1", "idempotency_key": "{key}"},
        422,
    ),
    Page("events:search", "receiver", "/desk/search/?q=路灯"),
    Page("events:search", "receiver", "/desk/search/?q=没有这样的事"),
    Page("events:watch", "leader", "/desk/watch/"),
    Page("events:keeping", "leader", "/desk/keeping/"),
    Page("events:messages", "handler", "/desk/messages/"),
    Page("events:bulk", "dispatcher", "/desk/bulk/", {"verb": "tell", "number": "{handling}"}),
    Page("events:bulk", "dispatcher", "/desk/bulk/", {"verb": "dispatch", "number": "{accepted}"}),
    Page("events:bulk", "receiver", "/desk/bulk/", {"verb": "void", "number": "{sealed}"}),
    Page("events:bulk", "receiver", "/desk/bulk/", {"verb": "void"}, 422),
    Page(
        "events:bulk_do",
        "dispatcher",
        "/desk/bulk/do/",
        {"verb": "tell", "row": "{assigned}|0|", "words": "在办", "idempotency_key": "{key}"},
    ),
    Page("events:mass_notices", "leader", "/desk/mass/"),
    Page("events:new_mass", "dispatcher", "/desk/mass/new/"),
    Page("events:new_mass", "dispatcher", "/desk/mass/new/", {"words": " ", "idempotency_key": "{key}"}, 422),
    Page("events:mass", "leader", "/desk/mass/{mass}/"),
    Page("events:templates", "dispatcher", "/desk/templates/"),
    Page("events:new_template", "dispatcher", "/desk/templates/new/"),
    Page("events:template", "leader", "/desk/templates/{template}/"),
    Page(
        "events:template",
        "leader",
        "/desk/templates/{template}/",
        {"name_zh": "x", "version": "1", "idempotency_key": "{key}"},
        422,
    ),
    Page("events:oncall", "leader", "/desk/oncall/"),
    Page("events:oncall", "receiver", "/desk/oncall/"),
    Page("events:oncall", "leader", "/desk/oncall/", {"deed": "put", "posting": "0", "idempotency_key": "{key}"}, 422),
    Page("events:outgoing", "dispatcher", "/desk/outgoing/"),
    Page(
        "events:send_all_again", "dispatcher", "/desk/outgoing/again/", {"reason": "x", "idempotency_key": "{key}"}, 422
    ),
    Page(
        "events:decide_message",
        "dispatcher",
        "/desk/outgoing/{unknown}/",
        {"deed": "again", "reason": "x", "idempotency_key": "{key}"},
        422,
    ),
)
LEAD = (
    Page("lead:lead", "leader", "/lead/"),
    Page("lead:lead", "duty_leader", "/lead/"),
    Page("lead:lead", "unit_leader", "/lead/"),
    Page("lead:decide", "leader", "/lead/decide/{waiting}/void/",
         {"version": "{version:waiting}", "grant": "no", "words": " ", "idempotency_key": "{key}"}, 422),
)  # fmt: skip
EVENT = (
    Page("events:event", "receiver", "/desk/events/{reported}/"),
    Page("events:event", "dispatcher", "/desk/events/{accepted}/"),
    Page("events:event", "handler", "/desk/events/{assigned}/"),
    Page("events:event", "handler", "/desk/events/{handling}/"),
    Page("events:event", "dispatcher", "/desk/events/{asked}/"),
    Page("events:event", "handler", "/desk/events/{suspended}/"),
    Page("events:event", "checker", "/desk/events/{checking}/"),
    Page("events:event", "leader", "/desk/events/{closed}/"),
    Page("events:event", "receiver", "/desk/events/{sealed}/"),
    Page("events:event", "auditor", "/desk/events/{rating}/"),
    Page("events:kept", "leader", "/desk/events/{archived}/keeping/"),
    Page("events:kept", "handler", "/desk/events/{handling}/keeping/"),
    Page("events:hold", "leader", "/desk/events/{closed}/hold/",
         {"reason": "", "until": "", "idempotency_key": "{key}"}, 422),
    Page("events:event", "dispatcher", "/desk/events/{joint}/"),
    Page("events:event", "other_handler", "/desk/events/{joint}/"),
    Page("events:event", "dispatcher", "/desk/events/{passing}/"),
    Page("events:event", "receiver", "/desk/events/{joined}/"),
    Page("events:event", "receiver", "/desk/events/{kept}/"),
    Page("events:take_part", "other_handler", "/desk/events/{joint}/parts/fire/resolve_part/",
         {"version": "{version:joint}", "result": "", "idempotency_key": "{key}"}, 422),
    Page("events:cover", "receiver", "/desk/events/{handling}/photos/{photo:handling}/cover/"),
    Page("events:cover", "receiver", "/desk/events/{reported}/photos/{photo:reported}/cover/",
         {"left": "90", "top": "", "width": "5", "height": "5", "idempotency_key": "{key}"}, 422),
    Page("events:explain", "dispatcher", "/desk/events/{suspended}/explain/"),
    Page("events:event", "dispatcher", "/desk/events/{linked}/"),
    Page("events:link", "dispatcher", "/desk/events/{assigned}/link/",
         {"deed": "make", "days": "7", "version": "{version:assigned}", "idempotency_key": "{key}"}),
    Page("events:print", "handler", "/desk/events/{handling}/print/"),
    Page("events:reveal", "receiver", "/desk/events/{reported}/voices/{reported}/reveal/", {"purpose": "约时间上门"}),
    Page("events:take", "receiver", "/desk/events/{reported}/refuse/",
         {"version": "{version:reported}", "words": "请起诉", "idempotency_key": "{key}"}, 422),
    Page("events:take", "receiver", "/desk/events/{reported}/ask/",
         {"version": "0", "words": "哪里？", "idempotency_key": "{key}"}, 409),
)  # fmt: skip
PREVIEW = (
    Page("public:preview", "handler", "/preview/{handling}/resolve/", {"result": "换了灯泡，都亮了。"}),
    Page("public:preview", "receiver", "/preview/{reported}/refuse/", {"words": "请起诉", "reason": "court"}),
    Page("public:preview", "receiver", "/preview/{closed}/ask/", {"words": "哪里？"}, 409),
)
LOST = (
    Page("", "stranger", "/nothing/", status=404),
    Page("events:event", "handler", "/desk/events/{sealed}/", status=404),
    Page("events:new", "leader", "/desk/new/", status=403),
)
RESIDENTS = (*REPORT, *TRACK, *OPEN, *ANSWER)
PAGES = (*REPORT, *TRACK, *OPEN, *ANSWER, *OWN, *DESK, *LEAD, *EVENT, *PREVIEW, *LOST)


class Stage:
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
        self.places["sealed"] = told.reported("楼下麻将馆天天赌博").number
        self.spoken_of(self.places["reported"], self.places["handling"])
        org.make_token(county.receiver, name="program")
        for one in (county.duty_leader, county.leader):
            assert one.posting_id is not None
            actions.put_on_call(actor=county.leader, posting_id=one.posting_id)
        self.unknown_messages()
        self.open_to_strangers()

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
