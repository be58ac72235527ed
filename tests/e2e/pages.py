"""Every page of the house: its address, who opens it, and the matter that must be there for it.

A new address joins this list or, with a reason, the exceptions: test_axe.py and test_headers.py walk over all of it.
"""

from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY
from tests.e2e import insight_pages, layer_pages, supervision_pages, territory_pages
from tests.e2e.page import Page

HERE = {"longitude": "104.605", "latitude": "28.705"}
TWIN = "东门巷三盏路灯不亮，晚上看不见路"
ADVICE = "咨询一下居住证怎么办理"
LANE = "三号楼的消防通道被车堵了"
ALL_QUEUES = ("to_accept", "open", "done")


# Kept short: what answers with no page of its own.
NO_PAGE = (
    supervision_pages.NO_PAGE
    | insight_pages.NO_PAGE
    | territory_pages.NO_PAGE
    | layer_pages.NO_PAGE
    | {
        "public:photo": "a picture",
        "public:answer_photo": "a picture",
        "public:language": "leads back to where one was",
        "public:size": "leads back to where one was",
        "public:promises_data": "JSON for machines",
        "public:places": "JSON for the field that is typed in",
        "gazetteer:search": "JSON for the field that is typed in",
        "public:healthz": "a word for machines",
        "public:readyz": "JSON for machines",
        "public:robots": "a text for machines",
        "org:logout": "leads to the sign-in page",
        "org:switch_posting": "leads to one's own page",
        "org:end_sessions": "leads to one's own page",
        "org:revoke_token": "leads to one's own page",
        "org:end_delegation": "leads to one's own page",
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
        "events:end_view": "leads back to the restricted views or to the event",
        "events:part": "leads back to the event",
        "events:ask_unsealing": "leads back to the event; what is wrong is shown as after events:take",
        "events:decide_unsealing": "leads back to the event; what is wrong is shown as after events:take",
        "events:ask_for": "leads back to the event; what is wrong is shown as after events:take",
        "events:decide": "leads back to the event; what is wrong is shown as after events:take",
        "events:ask_for_part": "leads back to the event; what is wrong is shown as after events:take_part",
        "events:decide_part": "leads back to the event; what is wrong is shown as after events:take_part",
    }
)
# Parts that scripts put into an open page; the whole page with them in it is looked at under its own address.
PARTS = (
    *insight_pages.PARTS,
    *territory_pages.PARTS,
    Page("events:counters", "dispatcher", "/desk/counters/?queue=to_dispatch"),
    Page("events:row", "receiver", "/desk/open/rows/{handling}/"),
    Page("events:places", "receiver", "/desk/events/{placeless}/places/"),
    Page("events:lies", "receiver", "/desk/events/{reported}/place/lies/?longitude=104.635&latitude=28.705"),
    Page("supervision:owed", "dispatcher", "/supervise/owed/"),
    Page("events:hints", "receiver", "/desk/events/{reported}/hints/tell/", {"words": "13800000001 在看"}),
    Page("events:alike", "receiver", "/desk/new/alike/", {"words": TWIN, "area": COUNTY + "001"}),
    Page("events:further", "receiver", "/desk/new/further/", {"words": ADVICE}),
)
REPORT = (
    Page("public:portal", "stranger", "/"),
    Page("public:my_grid", "stranger", "/my-grid/"),
    Page("public:my_grid", "stranger", "/my-grid/", {"longitude": "104.605", "latitude": "28.705"}),
    Page("public:my_grid", "stranger", "/my-grid/", {"address": "人民路"}),
    Page("public:my_grid", "stranger", "/my-grid/", {"longitude": "100", "latitude": "20"}),
    Page("public:report", "stranger", "/report/", {"page": "where", "words": TWIN, "address": "人民路口"}),
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
    Page("org:me", "leader", "/me/"),
    Page("org:delegate", "leader", "/me/deputy/", {"deputy": "0", "since": "x", "idempotency_key": "{key}"}, 422),
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
    Page("events:views", "analyst", "/desk/views/"),
    Page("events:ask_view", "analyst", "/desk/views/ask/", {"number": "12", "idempotency_key": "{key}"}, 422),
    Page("events:view", "analyst", "/desk/views/{sealed}/"),
    Page("events:event", "leader", "/desk/events/{sealed}/"),
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
    Page(
        "lead:decide_view",
        "leader",
        "/lead/views/{viewing}/",
        {"grant": "no", "words": " ", "idempotency_key": "{key}"},
        422,
    ),
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
    Page("events:event", "receiver", "/desk/events/{protected}/"),
    Page("events:event", "leader", "/desk/events/{protected}/"),
    Page("events:take_part", "other_handler", "/desk/events/{joint}/parts/fire/resolve_part/",
         {"version": "{version:joint}", "result": "", "idempotency_key": "{key}"}, 422),
    Page("events:cover", "receiver", "/desk/events/{handling}/photos/{photo:handling}/cover/"),
    Page("events:cover", "receiver", "/desk/events/{reported}/photos/{photo:reported}/cover/",
         {"left": "90", "top": "", "width": "5", "height": "5", "idempotency_key": "{key}"}, 422),
    Page("events:explain", "dispatcher", "/desk/events/{suspended}/explain/"),
    Page("events:event", "dispatcher", "/desk/events/{linked}/"),
    Page("events:link", "dispatcher", "/desk/events/{assigned}/link/",
         {"deed": "make", "days": "7", "version": "{version:assigned}", "idempotency_key": "{key}"}),
    Page("events:event", "receiver", "/desk/events/{placeless}/"),
    Page("events:event", "receiver", "/desk/events/{moved}/"),
    Page("events:place", "receiver", "/desk/events/{placeless}/place/?longitude=104.635&latitude=28.705"),
    Page("events:place", "receiver", "/desk/events/{sealed}/place/"),
    Page("events:place", "worker", "/desk/events/{reported}/place/"),
    Page("events:place", "receiver", "/desk/events/{placeless}/place/",
         {"version": "1", "longitude": "120", "latitude": "30", "idempotency_key": "{key}"}, 422),
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
ROOMS = (*supervision_pages.SUPERVISION, *insight_pages.INSIGHT, *territory_pages.TERRITORY, *layer_pages.LAYERS)
PAGES = (*REPORT, *TRACK, *OPEN, *ANSWER, *OWN, *DESK, *LEAD, *EVENT, *PREVIEW, *ROOMS, *LOST)
