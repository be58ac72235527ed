"""Every page of supervision, and what the county's centre must have set going for them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from onegrid.events import actions
from onegrid.kit import clock
from onegrid.org.roles import Actor
from onegrid.supervision import actions as supervision
from onegrid.supervision import queries
from onegrid.supervision.rules.roster import Slot
from onegrid.supervision.tests import test_keep_plan, test_rule
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, VILLAGES, County
from tests.e2e.page import Page

NO_PAGE = {
    "supervision:switch_plan": "leads back to the plans; what is wrong is shown as after supervision:plan",
    "supervision:tick": "leads back to the event; what is wrong is shown as after supervision:apply_plan",
    "supervision:withdraw_precedent": "leads back to the ruling; what is wrong is shown as after supervision:ruling",
    "supervision:circular_prefix": "leads back to the list of circulars",
    "supervision:move_circular": "leads back to the circular; what is wrong is shown as after supervision:circular",
    "supervision:leave_proposal": "leads back to the matter",
    "supervision:take_down": "leads back to the notice board",
    "supervision:circular_pdf": "a PDF",
    "supervision:circular_docx": "a document",
    "supervision:read_circular": "leads back to the circular",
}
SERIES = "kind=duty_leader&place=2&person1={posting:leader}&first={tomorrow}&days=9&on=every&from=20:00&to=08:00"
SUPERVISION = (
    Page("supervision:home", "dispatcher", "/supervise/"),
    Page("supervision:roster", "dispatcher", "/supervise/roster/"),
    Page("supervision:roster", "duty_leader", "/supervise/roster/"),
    Page("supervision:roster", "leader", "/supervise/roster/"),
    Page("supervision:roster", "receiver", "/supervise/roster/"),
    Page("supervision:roster", "handler", "/supervise/roster/"),
    Page("supervision:roster", "leader", "/supervise/roster/", {"deed": "put", "idempotency_key": "{key}"}, 422),
    Page("supervision:roster_series", "leader", "/supervise/roster/series/"),
    Page("supervision:roster_series", "leader", f"/supervise/roster/series/?{SERIES}"),
    Page("supervision:roster_of", "dispatcher", "/supervise/roster/centre-002/"),
    Page("supervision:beside", "dispatcher", "/supervise/events/{handling}/"),
    Page("supervision:beside", "leader", "/supervise/events/{handling}/"),
    Page(
        "supervision:instruct",
        "leader",
        "/supervise/events/{handling}/instruct/",
        {"words": "请排查", "unit": "nobody", "idempotency_key": "{key}"},
        422,
    ),
    Page("supervision:tasks", "handler", "/supervise/tasks/"),
    Page("supervision:tasks", "leader", "/supervise/tasks/?given"),
    Page("supervision:hard_list", "leader", "/supervise/hard/"),
    Page("supervision:hard_list", "handler", "/supervise/hard/?ended"),
    Page("supervision:hard_case", "leader", "/supervise/hard/{hard}/"),
    Page(
        "supervision:hard_case",
        "leader",
        "/supervise/hard/{hard}/",
        {"deed": "review", "words": "", "idempotency_key": "{key}"},
        422,
    ),
    Page(
        "supervision:put_on_hard_list",
        "leader",
        "/supervise/events/{checking}/hard/",
        {"words": "", "idempotency_key": "{key}"},
        422,
    ),
    Page("supervision:place_works", "leader", "/supervise/places/"),
    Page("supervision:place_works", "handler", "/supervise/places/?ended"),
    Page("supervision:new_place_work", "dispatcher", "/supervise/places/new/?event={handling}"),
    Page(
        "supervision:new_place_work",
        "leader",
        "/supervise/places/new/",
        {"title": "整治", "measure_words": "清理", "idempotency_key": "{key}"},
        422,
    ),
    Page("supervision:place_work", "leader", "/supervise/places/{place}/"),
    Page("supervision:place_work", "handler", "/supervise/places/{place}/"),
    Page(
        "supervision:place_work",
        "leader",
        "/supervise/places/{place}/",
        {"deed": "extend_place", "words": "", "until": "", "idempotency_key": "{key}"},
        422,
    ),
    Page("supervision:place_work", "leader", "/supervise/places/{proposed}/"),
    Page("supervision:edit_place_work", "dispatcher", "/supervise/places/{proposed}/edit/"),
    Page("supervision:place_figure", "leader", "/supervise/places/{place}/figure/term/"),
    Page("supervision:meetings", "dispatcher", "/supervise/meetings/"),
    Page("supervision:new_meeting", "dispatcher", "/supervise/meetings/new/?event={handling}"),
    Page(
        "supervision:new_meeting",
        "dispatcher",
        "/supervise/meetings/new/",
        {"title": "会商", "idempotency_key": "{key}"},
        422,
    ),
    Page("supervision:meeting", "handler", "/supervise/meetings/{meeting}/"),
    Page("supervision:meeting", "leader", "/supervise/meetings/{meeting}/"),
    Page(
        "supervision:meeting",
        "leader",
        "/supervise/meetings/{meeting}/",
        {"deed": "conclude", "words": "", "idempotency_key": "{key}"},
        422,
    ),
    Page("supervision:task", "handler", "/supervise/tasks/{task}/"),
    Page(
        "supervision:task",
        "leader",
        "/supervise/tasks/{task}/",
        {"deed": "cancel_task", "words": "", "idempotency_key": "{key}"},
        422,
    ),
    Page("supervision:board", "leader", "/supervise/board/"),
    Page("supervision:board", "worker", "/supervise/board/"),
    Page("supervision:new_board", "dispatcher", "/supervise/board/new/"),
    Page(
        "supervision:new_board",
        "leader",
        "/supervise/board/new/",
        {"title": "", "until": "2026", "idempotency_key": "{key}"},
        422,
    ),
    Page("supervision:circulars", "leader", "/supervise/circulars/"),
    Page("supervision:new_circular", "dispatcher", "/supervise/circulars/new/"),
    Page(
        "supervision:new_circular",
        "dispatcher",
        "/supervise/circulars/new/",
        {"place": COUNTY, "span": "own", "since": "", "idempotency_key": "{key}"},
        422,
    ),
    Page("supervision:circular", "leader", "/supervise/circulars/{circular:submitted}/"),
    Page("supervision:circular", "handler", "/supervise/circulars/{circular:published}/"),
    Page("supervision:circular", "leader", "/supervise/circulars/{circular:withdrawn}/"),
    Page("supervision:edit_circular", "dispatcher", "/supervise/circulars/{circular:draft}/edit/"),
    Page(
        "supervision:edit_circular",
        "dispatcher",
        "/supervise/circulars/{circular:draft}/edit/",
        {"title": "", "version": "1", "idempotency_key": "{key}"},
        422,
    ),
    Page("supervision:circular_figure", "leader", "/supervise/circulars/{circular:published}/figure/open/"),
    Page("supervision:beside", "dispatcher", "/supervise/events/{accepted}/"),
    Page("supervision:plans", "leader", "/supervise/plans/"),
    Page("supervision:plans", "handler", "/supervise/plans/"),
    Page("supervision:new_plan", "dispatcher", "/supervise/plans/new/"),
    Page("supervision:new_plan", "leader", "/supervise/plans/new/", {"name": " ", "idempotency_key": "{key}"}, 422),
    Page("supervision:plan", "leader", "/supervise/plans/{plan}/"),
    Page("supervision:beside", "dispatcher", "/supervise/events/{planned}/"),
    Page(
        "supervision:apply_plan",
        "dispatcher",
        "/supervise/events/{planned}/plan/",
        {"plan": "{plan}", "version": "1", "plan_version": "1", "idempotency_key": "{key}"},
        409,
    ),
    Page("supervision:duties", "handler", "/supervise/duties/"),
    Page("supervision:duties", "leader", f"/supervise/duties/?area={COUNTY}001&only=unnamed"),
    Page("supervision:rulings", "leader", "/supervise/rulings/"),
    Page("supervision:ruling", "leader", "/supervise/rulings/{ruling:waiting}/"),
    Page(
        "supervision:ruling",
        "leader",
        "/supervise/rulings/{ruling:waiting}/",
        {"unit": "housing", "precedent": "yes", "version": "1", "idempotency_key": "{key}"},
        422,
    ),
    Page("supervision:ruling", "leader", "/supervise/rulings/{ruling:ruled}/"),
    Page("supervision:rules", "leader", "/supervise/rules/"),
    Page(
        "supervision:rules",
        "leader",
        "/supervise/rules/",
        {"deed": "try", "trigger": "percent", "amount": "80", "action": "warn_leader", "idempotency_key": "{key}"},
    ),
    Page("supervision:rule", "leader", "/supervise/rules/{rule}/"),
    Page(
        "supervision:rule",
        "leader",
        "/supervise/rules/{rule}/",
        {"deed": "keep", "trigger": "percent", "amount": "0", "action": "light", "idempotency_key": "{key}"},
        422,
    ),
    Page("supervision:orders", "leader", "/supervise/orders/"),
    Page("supervision:orders", "other_handler", "/supervise/orders/"),
    Page("supervision:order", "handler", "/supervise/orders/{order}/"),
    Page("supervision:order", "dispatcher", "/supervise/orders/{replied}/"),
    Page("supervision:beside", "leader", "/supervise/events/{handling}/"),
    Page(
        "supervision:issue_order",
        "leader",
        "/supervise/events/{asked}/order/",
        {"step": "city:red", "words": " ", "idempotency_key": "{key}"},
        422,
    ),
    Page(
        "supervision:decide_order",
        "handler",
        "/supervise/orders/{order}/reply_to_order/",
        {"words": " ", "idempotency_key": "{key}"},
        422,
    ),
)


class Supervised:
    """The part of the stage on which supervision stands; `places` holds the matters that are there already."""

    county: County
    places: dict[str, str]

    def supervise(self) -> None:
        self.rostered()
        self.supervised()
        self.circulars()
        self.rulings()
        self.plans()
        self.orders()

    def supervised(self) -> None:
        """What the county's centre has set going on a matter."""
        number = self.places["handling"]
        made = supervision.instruct(
            actor=self.county.leader, number=number, words="请全面排查东门巷线路", units=["city", "fire"]
        )
        self.places["task"] = str(made.tasks.order_by("id")[0].pk)
        self.met(number)
        self.place_works()
        self.hard(number)

    def hard(self, number: str) -> None:
        """A matter on the list of hard matters, with its leader in charge."""
        review = clock.local(clock.now() + timedelta(days=5)).date().isoformat()
        looked, leader = supervision.Looked("线路改造费用没有落实", "analysis", review), self.county.leader
        made = supervision.put_on_hard_list(actor=leader, number=number, looked=looked, lead=str(leader.posting_id))
        self.places["hard"] = str(made.pk)

    def place_works(self) -> None:
        """Work that has begun, with one measure reported, and a proposal."""
        county, day = self.county, clock.local(clock.now()).date()
        soon = (day + timedelta(days=6)).isoformat()
        wish = supervision.PlaceWish(
            title="东门市场周边整治", problem="占道反复", plan="先清理，后巡查", area=VILLAGES[0],
            lead="city", units=["fire"], charge=str(county.leader.posting_id), since=day.isoformat(),
            until=(day + timedelta(days=20)).isoformat(),
            measures=[("清理占道堆物", "city", soon), ("检查消防设施", "fire", soon)],
        )  # fmt: skip
        for name in ("proposed", "place"):
            made = supervision.propose_place_work(actor=county.dispatcher, wish=wish)
            self.places[name] = str(made.pk)
        supervision.approve_place_work(actor=county.leader, work_id=made.pk)
        measure = queries.planned_measures(made)[0].pk
        supervision.tick_measure(actor=county.handler, work_id=made.pk, measure_id=measure, words="清理二十处")

    def met(self, number: str) -> None:
        """A meeting that was held this morning, with one conclusion; the next of its series is called."""
        leader, starts = self.county.leader, clock.local(clock.now()).strftime("%Y-%m-%dT00:00")
        called = supervision.Called(
            title="东门巷线路会商", kind="analysis", room="三楼会议室", starts=starts, series="weekly",
            chair=str(leader.posting_id), units=["city", "fire"], numbers=number, agenda="通报情况\n分工",
        )  # fmt: skip
        meeting = supervision.call_meeting(actor=self.county.dispatcher, called=called)
        supervision.hold_meeting(actor=leader, meeting_id=meeting.pk, words="由执法局牵头，消防配合。")
        due = clock.local(clock.now() + timedelta(days=5)).date().isoformat()
        supervision.conclude(actor=leader, meeting_id=meeting.pk, words="排查线路", owner="unit:city", due=due)
        self.places["meeting"] = str(meeting.pk)

    def rulings(self) -> None:
        """A second objection that waits for the leader, and one that was ruled and is a precedent."""
        for state in ("waiting", "ruled"):
            event = test_rule.objected_twice(self.county)
            self.places[f"ruling:{state}"] = str(test_rule.ruling_on(event).pk)
        test_rule.ruled(self.county, event)

    def plans(self) -> None:
        """One that was applied to a matter, with a line that could not be done, and one that is offered."""
        plan, event = test_keep_plan.keep(self.county.leader), told.event_in("accepted", self.county)
        given = {"unit": "fire", "words": "先到场"}
        actions.take(actor=self.county.dispatcher, number=event.number, verb="assist", given=given)
        made = supervision.apply_plan(actor=self.county.dispatcher, number=event.number, plan_id=plan.pk)
        supervision.tick(actor=self.county.leader, line_id=made.lines.filter(kind="step").order_by("n")[0].pk)
        self.places |= {"plan": str(plan.pk), "planned": event.number}

    def orders(self) -> None:
        """An order that waits for its reply, one whose reply waits to be judged, and a rule."""
        wish = supervision.Wish(trigger="after_due", amount="60", action="propose_yellow")
        self.places["rule"] = str(supervision.keep_rule(actor=self.county.leader, wish=wish).pk)
        for name, number in (("order", self.places["handling"]), ("replied", self.places["joint"])):
            given = {"number": number, "unit": "city", "kind": "yellow", "words": "请说明何时修好"}
            self.places[name] = str(supervision.issue_order(actor=self.county.duty_leader, **given).pk)
        words = "灯具已订购，周五换好。"
        supervision.reply_to_order(actor=self.county.handler, order_id=int(self.places["replied"]), words=words)

    def rostered(self) -> None:
        """For a week from this hour on two lead by turns, with pauses; a receiver is on duty day and night."""
        now = clock.now().replace(minute=0, second=0, microsecond=0)
        starts = [now + timedelta(hours=12 * number) for number in range(14)]
        leaders = (self.county.duty_leader, self.county.leader) * 7
        self.put_on("duty_leader", leaders, [(at, at + timedelta(hours=10 + n % 2 * 2)) for n, at in enumerate(starts)])
        self.put_on("duty_officer", (self.county.receiver,) * 14, [(at, at + timedelta(hours=12)) for at in starts])
        shift = queries.own_shifts(self.county.duty_leader, self.county.units["centre"])[0].shift
        supervision.swap(actor=self.county.duty_leader, shift_id=shift.pk, colleague=self.county.leader.posting_id or 0)
        two = timedelta(days=2)
        supervision.be_absent(actor=self.county.receiver, since=now + two, until=now + two + timedelta(hours=9))
        tomorrow = clock.local(now + timedelta(days=1)).date().isoformat()
        self.places |= {"tomorrow": tomorrow, "posting:leader": str(self.county.leader.posting_id)}

    def put_on(self, kind: str, people: Sequence[Actor], spans: list[tuple[datetime, datetime]]) -> None:
        slots = [Slot(one.posting_id or 0, *span) for one, span in zip(people, spans, strict=True)]
        supervision.roster(actor=self.county.leader, kind=kind, place=1, slots=slots)

    def circulars(self) -> None:
        """One in each state that looks different; who reads them has one to confirm."""
        county = self.county
        supervision.set_prefix(actor=county.leader, prefix="云综治通")
        steps = {
            "submitted": ("submit", county.dispatcher), "approved": ("approve", county.leader),
            "published": ("publish", county.leader), "withdrawn": ("withdraw", county.leader),
        }  # fmt: skip
        for state in ("draft", "submitted", "published", "withdrawn"):
            made = supervision.draft_circular(actor=county.dispatcher, place=COUNTY, span="week")
            for verb, actor in steps.values():
                if made.state != state:
                    made = supervision.move_circular(
                        actor=actor, circular_id=made.pk, verb=verb, version=made.version, words="数据有误"
                    )
            self.places[f"circular:{state}"] = str(made.pk)
            if state == "published":
                self.put_up(made.pk)

    def put_up(self, circular_id: int) -> None:
        """A notice with a circular, and one for later."""
        today = clock.local(clock.now()).date()
        for number, circular in ((0, circular_id), (7, None)):
            supervision.put_up(
                actor=self.county.leader, title="云麓县情况通报", words="请各单位阅知。", pinned=circular is not None,
                since=(today + timedelta(days=number)).isoformat(),
                until=(today + timedelta(days=number + 7)).isoformat(), circular_id=circular,
            )  # fmt: skip
