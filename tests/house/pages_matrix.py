"""Who may open which page: every address that is no API × everybody of the cast. Written by hand, never computed.

A line reads as in matrix.py: answer=people. ok (shown or done), login (sent to the sign-in page), forbidden (the door
is not theirs), hidden (for them it does not exist), not_now (they see it, but it is not theirs to do), refused (what
they gave is not theirs to give).
"""

from tests.house import insight_matrix, layers_matrix, supervision_matrix, territory_matrix
from tests.house.readers import AT_THE_DESK, ENTRY, EVERYBODY, IN_THE_GRID, STAFF

ROOMS = supervision_matrix.DOORS | insight_matrix.DOORS | territory_matrix.DOORS | layers_matrix.DOORS

# Addresses without an event.
DOORS = ROOMS | {
    "GET /": EVERYBODY,
    "GET /report/": EVERYBODY,
    "POST /report/": EVERYBODY,
    "POST /report/send/": EVERYBODY,
    "GET /places/": EVERYBODY,
    "GET /my-grid/": EVERYBODY,
    "POST /my-grid/": EVERYBODY,
    "GET /desk/places/": STAFF,
    "GET /track/": EVERYBODY,
    "POST /track/": EVERYBODY,
    "POST /track/act/": EVERYBODY,
    "POST /track/receipt/": EVERYBODY,
    "GET /track/photos/{ticket}/": EVERYBODY,
    "GET /open/": EVERYBODY,
    "GET /open/follow/": EVERYBODY,
    "POST /open/follow/": EVERYBODY,
    "GET /open/mine/": EVERYBODY,
    "POST /open/mine/": EVERYBODY,
    "GET /promises/": EVERYBODY,
    "GET /promises/data.json": EVERYBODY,
    "GET /promises/tasks/": EVERYBODY,
    "POST /size/": EVERYBODY,
    "GET /answer/": EVERYBODY,
    "POST /answer/": EVERYBODY,
    "POST /answer/act/": EVERYBODY,
    "GET /answer/photos/{ticket}/": EVERYBODY,
    "POST /language/": EVERYBODY,
    "GET /healthz": EVERYBODY,
    "GET /readyz": EVERYBODY,
    "GET /robots.txt": EVERYBODY,
    "GET /login/": EVERYBODY,
    "POST /login/": EVERYBODY,
    "POST /logout/": STAFF,
    "GET /me/": STAFF,
    "POST /me/posting/": STAFF,
    "POST /me/sessions/": STAFF,
    "POST /me/tokens/": STAFF,
    "POST /me/tokens/{token_id}/revoke/": STAFF,
    # A leader names a deputy of the own unit; the form names one of the centre, a department's leader has none there.
    "POST /me/deputy/": "login=- ok=UL refused=X forbidden=RDCHONMWVYTABE",
    "POST /me/deputy/{delegation_id}/end/": "login=- ok=L hidden=UX forbidden=RDCHONMWVYTABE",
    "POST /me/language/": STAFF,
    "GET /me/notices/": STAFF,
    "POST /me/notices/": STAFF,
    "GET /desk/": AT_THE_DESK,
    "GET /desk/counters/": AT_THE_DESK,
    "GET /desk/search/": AT_THE_DESK,
    "GET /desk/messages/": AT_THE_DESK,
    "POST /desk/messages/{message_id}/": AT_THE_DESK,
    "POST /desk/ticket/": AT_THE_DESK,
    # What did not arrive is decided by dispatchers and leaders, each for the own centre.
    "GET /desk/outgoing/": "login=- ok=DLNX forbidden=RCUHOMWVYTABE",
    "POST /desk/outgoing/again/": "login=- ok=DLNX forbidden=RCUHOMWVYTABE",
    "POST /desk/outgoing/{outgoing_id}/": "login=- ok=DL hidden=NX forbidden=RCUHOMWVYTABE",
    "GET /desk/{queue}/": AT_THE_DESK,
    "GET /desk/new/": ENTRY,
    "POST /desk/new/": ENTRY,
    "POST /desk/new/alike/": ENTRY,
    # Many at once: each row is asked by itself, so the page comes to whoever has such a verb at all.
    "POST /desk/bulk/": "login=- ok=RDHONM forbidden=CULXWVYTABE",
    "POST /desk/bulk/do/": "login=- ok=RDHONM forbidden=CULXWVYTABE",
    # One message to many: written by the centre's dispatcher, released there; the place of another centre is hidden.
    "GET /desk/mass/": "login=- ok=DULXN forbidden=RCHOMWVYTABE",
    "GET /desk/mass/new/": "login=- ok=DN forbidden=RCULHOXMWVYTABE",
    "POST /desk/mass/new/": "login=- ok=D refused=N forbidden=RCULHOXMWVYTABE",
    "GET /desk/mass/{notice_id}/": "login=- ok=DUL hidden=XN forbidden=RCHOMWVYTABE",
    "POST /desk/mass/{notice_id}/release/": "login=- ok=DUL hidden=XN forbidden=RCHOMWVYTABE",
    "POST /desk/mass/{notice_id}/withdraw/": "login=- ok=DUL hidden=XN forbidden=RCHOMWVYTABE",
    "POST /desk/new/further/": ENTRY,
    # The receipt of what somebody else took in: hidden from everybody else.
    "GET /desk/new/{number}/receipt/": "login=- hidden=RDNMHOWV forbidden=CULXYTABE",
    "GET /desk/on-the-spot/": IN_THE_GRID,
    "POST /desk/on-the-spot/": IN_THE_GRID,
    # Everybody at the desk reads what is known; the county's centre answers for it.
    "GET /desk/articles/": AT_THE_DESK,
    "GET /desk/articles/new/": "login=- ok=DLXN forbidden=RCUHOMWVYTABE",
    "POST /desk/articles/new/": "login=- ok=DL not_now=XN forbidden=RCUHOMWVYTABE",
    "GET /desk/articles/{code}/": "login=- ok=DLXN forbidden=RCUHOMWVYTABE",
    "POST /desk/articles/{code}/": "login=- ok=DL not_now=XN forbidden=RCUHOMWVYTABE",
    # The centre's dispatcher and leader keep the words for replies; a department's leader reads them.
    "GET /desk/templates/": "login=- ok=DLXN forbidden=RCUHOMWVYTABE",
    "POST /desk/templates/": "login=- ok=DLN not_now=X forbidden=RCUHOMWVYTABE",
    "GET /desk/templates/new/": "login=- ok=DLXN forbidden=RCUHOMWVYTABE",
    "GET /desk/templates/{template_id}/": "login=- ok=DLXN forbidden=RCUHOMWVYTABE",
    "POST /desk/templates/{template_id}/": "login=- ok=DL not_now=XN forbidden=RCUHOMWVYTABE",
    # The list of one's own centre; a department has none. Its leader and dispatchers keep it, each with its own people.
    "GET /desk/oncall/": "login=- ok=RDULNM hidden=X forbidden=CHOWVYTABE",
    "POST /desk/oncall/": "login=- ok=DL refused=N not_now=RUM hidden=X forbidden=CHOWVYTABE",
    # The leader's page: of a centre or of a department, each with what is theirs to see.
    "GET /lead/": "login=- ok=ULX forbidden=RDCHONMWVYTABE",
    # What must be empty is looked at by those who answer for the house.
    "GET /desk/watch/": "login=- ok=ULXT forbidden=RDCHONMWVYABE",
    "GET /desk/keeping/": "login=- ok=ULXT forbidden=RDCHONMWVYABE",
    # Anybody but a grid worker may ask for a view by number; whoever sees the matter anyway is told so.
    "GET /desk/views/": "login=- ok=RDCULHOXNMYT forbidden=WVABE",
    "POST /desk/views/ask/": "login=- ok=HOXNM not_now=RDCULYT forbidden=WVABE",
    # A sealed tip that the analyst was let in to read; the analyst or a leader of the centre ends it.
    "GET /desk/views/{number}/": "login=- ok=Y hidden=RDCULHOXNMT forbidden=WVABE",
    "POST /desk/views/{viewing_id}/end/": "login=- ok=ULY hidden=RDCHOXNMT forbidden=WVABE",
    "POST /lead/views/{viewing_id}/": "login=- ok=UL hidden=X forbidden=RDCHONMWVYTABE",
}

# What belongs to somebody else or does not exist: another one's posting, another one's token, an unknown queue.
STRANGE = {
    # Whoever has no code of an open link finds nothing, signed in or not.
    "POST /answer/": "hidden=-RDCULHOXNMWVYTABE",
    "POST /answer/act/": "hidden=-RDCULHOXNMWVYTABE",
    "GET /answer/photos/{ticket}/": "hidden=-RDCULHOXNMWVYTABE",
    "POST /me/posting/": "login=- refused=RDCULHOXNMWVYTABE",
    "POST /me/tokens/{token_id}/revoke/": "login=- hidden=RDCULHOXNMWVYTABE",
    "GET /desk/{queue}/": "login=- hidden=RDCULHOXNMWVYT forbidden=ABE",
}

# own, other, restricted, about: the relations of matrix.py.
READS = (
    "GET /desk/events/{number}/",
    "GET /desk/events/{number}/explain/",
    "GET /desk/events/{number}/print/",
    "GET /desk/events/{number}/paper.pdf",
    "GET /desk/events/{number}/keeping/",
    "GET /desk/events/{number}/photos/{sha256}/",
    "GET /desk/{queue}/rows/{number}/",
    "GET /supervise/events/{number}/",
)
SEEN = {
    "own": "login=- ok=RDCULHXWYT hidden=ONMV forbidden=ABE",
    "other": "login=- ok=RDCULNMVYT hidden=HOXW forbidden=ABE",
    "restricted": "login=- ok=RDCUL hidden=HOXNMWVYT forbidden=ABE",
    "about": "login=- ok=RDCULWYT hidden=HOXNMV forbidden=ABE",
}

# What is only asked with a POST, because words travel in its body: nothing is written.
TRIED = {
    "own": "login=- ok=RDCUL hidden=HOXNM forbidden=WVYTABE",
    "other": "login=- ok=RDCULNM hidden=HOX forbidden=WVYTABE",
    "restricted": "login=- ok=RDCUL hidden=HOXNM forbidden=WVYTABE",
}

# Whoever puts places right reads where a point would lie; what the answer holds stands in the tests of events.
PLACED = {
    "own": "login=- ok=RDW hidden=NMV forbidden=CULHOXYTABE",
    "other": "login=- ok=RDNMV hidden=W forbidden=CULHOXYTABE",
    "restricted": "login=- ok=RD hidden=NMWV forbidden=CULHOXYTABE",
}

WRITES = {
    # The dispatcher of the centre that holds it lets its unit answer by a link; never a sealed matter.
    "POST /desk/events/{number}/link/": {
        "own": "login=- ok=D hidden=N forbidden=RCULHOXMWVYTABE",
        "other": "login=- ok=N not_now=D forbidden=RCULHOXMWVYTABE",
        "restricted": "login=- not_now=D hidden=N forbidden=RCULHOXMWVYTABE",
    },
    # Any leader of the centre that is called; the county's leaders see a town's call, the town answers it.
    "POST /lead/acknowledge/{number}/": {
        "own": "login=- ok=UL hidden=X forbidden=RDCHONMWVYTABE",
        "other": "login=- not_now=UL hidden=X forbidden=RDCHONMWVYTABE",
        "restricted": "login=- ok=UL hidden=X forbidden=RDCHONMWVYTABE",
    },
    # A leader of the centre that owns it, or of one above.
    "POST /supervise/events/{number}/hard/": {
        "own": "login=- ok=L hidden=X forbidden=RDCUHONMWVYTABE",
        "other": "login=- ok=L hidden=X forbidden=RDCUHONMWVYTABE",
        "restricted": "login=- ok=L hidden=X forbidden=RDCUHONMWVYTABE",
    },
    # A leader of a centre gives it on any matter in sight; the leader of an office only reads.
    "POST /supervise/events/{number}/instruct/": {
        "own": "login=- ok=UL hidden=X forbidden=RDCHONMWVYTABE",
        "other": "login=- ok=UL hidden=X forbidden=RDCHONMWVYTABE",
        "restricted": "login=- ok=UL hidden=X forbidden=RDCHONMWVYTABE",
        "about": "login=- ok=UL hidden=X forbidden=RDCHONMWVYTABE",
    },
    # An order is read by whoever sees its matter by area, and by the unit that it is addressed to (H, X).
    "GET /supervise/orders/{order_id}/": {
        "own": "login=- ok=RDCULHXYT hidden=ONM forbidden=WVABE",
        "other": "login=- ok=RDCULHXNMYT hidden=O forbidden=WVABE",
        "restricted": "login=- ok=RDCULH hidden=OXNMYT forbidden=WVABE",
    },
    # The centre that drives the matter issues; the unit that has it sees the matter and issues nothing.
    "POST /supervise/events/{number}/order/": {
        "own": "login=- ok=DUL not_now=X hidden=N forbidden=RCHOMWVYTABE",
        "other": "login=- ok=N not_now=DULX forbidden=RCHOMWVYTABE",
        "restricted": "login=- ok=DUL hidden=XN forbidden=RCHOMWVYTABE",
    },
    # A plan is applied by whoever may add assisting units: the dispatcher of the centre that holds the matter.
    "POST /supervise/events/{number}/plan/": {
        "own": "login=- ok=D not_now=RCUL hidden=HOXNM forbidden=WVYTABE",
        "other": "login=- ok=N not_now=RDCULM hidden=HOX forbidden=WVYTABE",
        "restricted": "login=- ok=D not_now=RCUL hidden=HOXNM forbidden=WVYTABE",
    },
    # A first step is ticked at that centre; no unit handles it yet.
    "POST /supervise/events/{number}/plan/{line_id}/": {
        "own": "login=- ok=RDUL not_now=C hidden=HOXNM forbidden=WVYTABE",
        "other": "login=- ok=NM not_now=RDCUL hidden=HOX forbidden=WVYTABE",
        "restricted": "login=- ok=RDUL not_now=C hidden=HOXNM forbidden=WVYTABE",
    },
    "POST /desk/events/{number}/hints/{verb}/": TRIED,
    "POST /preview/{number}/{verb}/": TRIED,
    # The centre that holds it, and in their own area whoever goes round there: where it lies, and what may be meant.
    "GET /desk/events/{number}/place/": {
        "own": "login=- ok=RDW hidden=NMV forbidden=CULHOXYTABE",
        "other": "login=- ok=NMV not_now=RD hidden=W forbidden=CULHOXYTABE",
        "restricted": "login=- ok=RD hidden=NMWV forbidden=CULHOXYTABE",
        "about": "login=- ok=RDW hidden=NMV forbidden=CULHOXYTABE",
    },
    # To the first grid, which is not the other worker's.
    "POST /desk/events/{number}/place/": {
        "own": "login=- ok=RDW hidden=NMV forbidden=CULHOXYTABE",
        "other": "login=- ok=NM refused=V not_now=RD hidden=W forbidden=CULHOXYTABE",
        "restricted": "login=- ok=RD hidden=NMWV forbidden=CULHOXYTABE",
        "about": "login=- ok=RDW hidden=NMV forbidden=CULHOXYTABE",
    },
    "GET /desk/events/{number}/place/lies/": PLACED,
    "GET /desk/events/{number}/places/": PLACED,
    # Who took the step takes it back, nobody else.
    "POST /desk/events/{number}/undo/": {
        "own": "login=- ok=R not_now=DCUL hidden=HOXNM forbidden=WVYTABE",
        "other": "login=- ok=M not_now=RDCULN hidden=HOX forbidden=WVYTABE",
    },
    "POST /desk/events/{number}/voices/{voice}/part/": {
        "own": "login=- ok=RD hidden=NM forbidden=CULHOXWVYTABE",
        "other": "login=- ok=NM not_now=RD forbidden=CULHOXWVYTABE",
    },
    "POST /desk/events/{number}/voices/{voice}/reveal/": {
        "own": "login=- ok=RDU hidden=NM forbidden=CLHOXWVYTABE",
        "other": "login=- ok=NM not_now=RDU forbidden=CLHOXWVYTABE",
        "restricted": "login=- ok=RDU hidden=NM forbidden=CLHOXWVYTABE",
    },
    # A protected reporter: one asks, another decides, both of the centre that holds the matter.
    "POST /desk/events/{number}/voices/{voice}/unseal/": {
        "own": "login=- ok=RDU hidden=NM forbidden=CLHOXWVYTABE",
        "other": "login=- ok=NM not_now=RDU forbidden=CLHOXWVYTABE",
        "restricted": "login=- ok=RDU hidden=NM forbidden=CLHOXWVYTABE",
    },
    "POST /desk/events/{number}/voices/{voice}/unseal/decide/": {
        "own": "login=- ok=UL hidden=X forbidden=RDCHONMWVYTABE",
        "other": "login=- not_now=UL hidden=X forbidden=RDCHONMWVYTABE",
        "restricted": "login=- ok=UL hidden=X forbidden=RDCHONMWVYTABE",
    },
    # The centre that holds it decides what the public sees; of a sealed matter, no title.
    # The leader of the centre that holds it keeps it back from every erasure; another unit's leader does not see it.
    "POST /desk/events/{number}/hold/": {
        "own": "login=- ok=L hidden=X forbidden=RDCUHONMWVYTABE",
        "other": "login=- not_now=L hidden=X forbidden=RDCUHONMWVYTABE",
        "restricted": "login=- ok=L hidden=X forbidden=RDCUHONMWVYTABE",
    },
    "POST /desk/events/{number}/hold/lift/": {
        "own": "login=- ok=L hidden=X forbidden=RDCUHONMWVYTABE",
        "other": "login=- not_now=L hidden=X forbidden=RDCUHONMWVYTABE",
    },
    "GET /desk/events/{number}/photos/{sha256}/cover/": {
        "own": "login=- ok=RDC hidden=NM forbidden=ULHOXWVYTABE",
        "other": "login=- ok=NM not_now=RDC forbidden=ULHOXWVYTABE",
        "restricted": "login=- ok=RDC hidden=NM forbidden=ULHOXWVYTABE",
    },
    "POST /desk/events/{number}/photos/{sha256}/cover/": {
        "own": "login=- ok=RDC hidden=NM forbidden=ULHOXWVYTABE",
        "other": "login=- ok=NM not_now=RDC forbidden=ULHOXWVYTABE",
        "restricted": "login=- ok=RDC hidden=NM forbidden=ULHOXWVYTABE",
    },
    "POST /desk/events/{number}/title/": {
        "own": "login=- ok=RDC hidden=NM forbidden=ULHOXWVYTABE",
        "other": "login=- ok=NM not_now=RDC forbidden=ULHOXWVYTABE",
        "restricted": "login=- not_now=RDC hidden=NM forbidden=ULHOXWVYTABE",
    },
    "POST /desk/events/{number}/photos/{sha256}/release/": {
        "own": "login=- ok=RDC hidden=NM forbidden=ULHOXWVYTABE",
        "other": "login=- ok=NM not_now=RDC forbidden=ULHOXWVYTABE",
        "restricted": "login=- ok=RDC hidden=NM forbidden=ULHOXWVYTABE",
    },
}

# The steps of the desk's forms, verb by verb; the state is the one from which the verb goes.
STEPS = {
    "POST /desk/events/{number}/{verb}/": {
        "accept": "login=- ok=RD not_now=CUL hidden=HOXNM forbidden=WVYTABE",
        "ask": "login=- ok=RD not_now=CUL hidden=HOXNM forbidden=WVYTABE",
        "refuse": "login=- ok=RD not_now=CUL hidden=HOXNM forbidden=WVYTABE",
        "finish_on_the_spot": "login=- not_now=RDCUL hidden=HOXNM forbidden=WVYTABE",
        "dispatch": "login=- ok=D not_now=RCUL hidden=HOXNM forbidden=WVYTABE",
        "claim": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE",
        "resolve": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE",
        "pass_check": "login=- ok=C not_now=RDULHX hidden=ONM forbidden=WVYTABE",
        "redo": "login=- ok=C not_now=RDULHX hidden=ONM forbidden=WVYTABE",
        "resume": "login=- ok=DH not_now=RCULX hidden=ONM forbidden=WVYTABE",
        "archive": "login=- ok=L not_now=RDCUHX hidden=ONM forbidden=WVYTABE",
        "reopen": "login=- ok=L not_now=RDCUHX hidden=ONM forbidden=WVYTABE",
        "tell": "login=- ok=RDH not_now=CULX hidden=ONM forbidden=WVYTABE",
        "note": "login=- ok=RDCLH not_now=UX hidden=ONM forbidden=WVYTABE",
        "assist": "login=- ok=D not_now=RCULHX hidden=ONM forbidden=WVYTABE",
        "take_over": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE",
        "escalate": "login=- refused=DL not_now=RCU hidden=HOXNM forbidden=WVYTABE",
        "merge": "login=- ok=RD not_now=CULHX hidden=ONM forbidden=WVYTABE",
        "split": "login=- ok=RD not_now=CUL hidden=HOXNM forbidden=WVYTABE",
        # The reporter's own and the house's own: nobody at the desk takes them.
        "rate": "login=- not_now=RDCULHX hidden=ONM forbidden=WVYTABE",
        "close": "login=- not_now=RDCULHX hidden=ONM forbidden=WVYTABE",
        "withdraw": "login=- not_now=RDCUL hidden=HOXNM forbidden=WVYTABE",
    },
    # An order to urge, issued by the dispatcher (D) to the city management office (H, X).
    "POST /supervise/orders/{order_id}/{verb}/": {
        "reply_to_order": "login=- ok=HX not_now=DUL hidden=ON forbidden=RCMWVYTABE",
        "accept_reply": "login=- ok=DUL not_now=HX hidden=ON forbidden=RCMWVYTABE",
        "send_reply_back": "login=- ok=DUL not_now=HX hidden=ON forbidden=RCMWVYTABE",
        "cancel_order": "login=- ok=D not_now=ULHX hidden=ON forbidden=RCMWVYTABE",
    },
    "POST /desk/events/{number}/parts/{unit}/{verb}/": {
        "claim_part": "login=- ok=O not_now=DLHX hidden=N forbidden=RCUMWVYTABE",
        "resolve_part": "login=- ok=O not_now=DLHX hidden=N forbidden=RCUMWVYTABE",
        "redo_part": "login=- ok=DH not_now=LOX hidden=N forbidden=RCUMWVYTABE",
        "release_part": "login=- ok=DL not_now=HOX hidden=N forbidden=RCUMWVYTABE",
    },
    "POST /desk/events/{number}/parts/{unit}/ask/{verb}/": {
        "excuse": "login=- ok=O not_now=DLHX hidden=N forbidden=RCUMWVYTABE",
    },
    "POST /desk/events/{number}/parts/{unit}/decide/{verb}/": {
        "excuse": "login=- ok=DL not_now=HOX hidden=N forbidden=RCUMWVYTABE",
    },
    "POST /desk/events/{number}/ask/{verb}/": {
        "transfer": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE",
        "whistle": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE",
        "object": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE",
        "extend": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE",
        "suspend": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE",
        "pass_check": "login=- ok=C not_now=RDULHX hidden=ONM forbidden=WVYTABE",
        "void": "login=- ok=RD not_now=CUL hidden=HOXNM forbidden=WVYTABE",
    },
    "POST /desk/events/{number}/decide/{verb}/": {
        "transfer": "login=- ok=DL not_now=RCUHX hidden=ONM forbidden=WVYTABE",
        "whistle": "login=- ok=DL not_now=RCUHX hidden=ONM forbidden=WVYTABE",
        "object": "login=- ok=DL not_now=RCUHX hidden=ONM forbidden=WVYTABE",
        "extend": "login=- ok=DL not_now=RCUHX hidden=ONM forbidden=WVYTABE",
        "suspend": "login=- ok=DL not_now=RCUHX hidden=ONM forbidden=WVYTABE",
        "pass_check": "login=- ok=UL not_now=RDCHX hidden=ONM forbidden=WVYTABE",
        "void": "login=- ok=L not_now=RDCU hidden=HOXNM forbidden=WVYTABE",
    },
    # On the leader's page only leaders decide; a dispatcher does it at the desk.
    "POST /lead/decide/{number}/{verb}/": {
        "object": "login=- ok=L not_now=UX forbidden=RDCHONMWVYTABE",
        "extend": "login=- ok=L not_now=UX forbidden=RDCHONMWVYTABE",
        "suspend": "login=- ok=L not_now=UX forbidden=RDCHONMWVYTABE",
        "pass_check": "login=- ok=UL not_now=X forbidden=RDCHONMWVYTABE",
        "void": "login=- ok=L not_now=U hidden=X forbidden=RDCHONMWVYTABE",
    },
}
