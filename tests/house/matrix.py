"""Who may do what: every address × every role × the relation to the matter. Written by hand, never computed.

Each line reads: answer=people. People by one letter, see PEOPLE; answers: ok (done or shown), login, forbidden (the
door is not theirs), hidden (for them it does not exist), not_now (they see it, but this step is not theirs to take),
not_given (it would be theirs, but what it needs does not exist here).
"""

PEOPLE = {
    "-": "stranger", "R": "receiver", "D": "dispatcher", "C": "checker", "U": "duty_leader", "L": "leader",
    "H": "handler", "O": "other_handler", "X": "unit_leader", "N": "neighbour", "M": "neighbour_receiver",
    "W": "worker", "V": "other_worker", "Y": "analyst", "T": "auditor",
    "A": "admin_system", "B": "admin_security", "E": "admin_audit",
}  # fmt: skip

# What is seen of an event, by relation. own: in the county centre's town, with the city management office (H, X);
# other: in the neighbour town, held by its own centre; restricted: a sealed tip in the county centre's town;
# about: in the county centre's town, about the city management office.
SEEN = {
    "own": "login=- ok=RDCULHXWYT hidden=ONMV forbidden=ABE",
    "other": "login=- ok=RDCULNMVYT hidden=HOXW forbidden=ABE",
    "restricted": "login=- ok=RDCUL hidden=HOXNMWVYT forbidden=ABE",
    "about": "login=- ok=RDCULWYT hidden=HOXNMV forbidden=ABE",
}

# method and address -> relation -> who; addresses without an event have the relation "none".
READS = {
    "GET /api/v1/events/{number}": SEEN,
    "GET /api/v1/events/{number}/explain": SEEN,
    "GET /api/v1/events": {"none": "login=- ok=RDCULHOXNMWVYT forbidden=ABE"},
    "GET /api/v1/events/counts": {"none": "login=- ok=RDCULHOXNMWVYT forbidden=ABE"},
    "GET /api/v1/events/search": {"none": "login=- ok=RDCULHOXNMWVYT forbidden=ABE"},
    "GET /api/v1/me": {"none": "login=- ok=RDCULHOXNMWVYTABE"},
}
OPEN = {
    "GET /api/v1/openapi.json", "POST /api/v1/public/reports", "GET /api/v1/public/reports/track",
    "POST /api/v1/public/reports/steps", "GET /api/v1/public/questions/{category}",
    # Signed by the provider of text messages, no person's key opens it.
    "POST /api/v1/notices/receipts",
}  # fmt: skip

# verb -> relation -> who; the event stands in the state from which the verb goes.
STEPS = {
    "accept": {
        "own": "login=- ok=RD not_now=CUL hidden=HOXNM forbidden=WVYTABE",
        "other": "login=- ok=NM not_now=RDCUL hidden=HOX forbidden=WVYTABE",
        "restricted": "login=- ok=RD not_now=CUL hidden=HOXNM forbidden=WVYTABE",
        "about": "login=- ok=RD not_now=CUL hidden=HOXNM forbidden=WVYTABE",
    },
    "ask": {"own": "login=- ok=RD not_now=CUL hidden=HOXNM forbidden=WVYTABE"},
    "refuse": {"own": "login=- ok=RD not_now=CUL hidden=HOXNM forbidden=WVYTABE"},
    # The matter is a lamp: no leaf for it. Who may finish what stands in events/tests/test_finish_on_the_spot.py.
    "finish_on_the_spot": {
        "own": "login=- not_now=RDCUL hidden=HOXNM forbidden=WVYTABE",
        "other": "login=- not_now=RDCULNM hidden=HOX forbidden=WVYTABE",
    },
    "dispatch": {
        "own": "login=- ok=D not_now=RCUL hidden=HOXNM forbidden=WVYTABE",
        "other": "login=- ok=N not_now=RDCULM hidden=HOX forbidden=WVYTABE",
    },
    "claim": {
        "own": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE",
        "other": "login=- ok=H not_now=RDCULXNM hidden=O forbidden=WVYTABE",
    },
    "resolve": {"own": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE"},
    "pass_check": {"own": "login=- ok=C not_now=RDULHX hidden=ONM forbidden=WVYTABE"},
    "redo": {"own": "login=- ok=C not_now=RDULHX hidden=ONM forbidden=WVYTABE"},
    "resume": {"own": "login=- ok=DH not_now=RCULX hidden=ONM forbidden=WVYTABE"},
    "archive": {"own": "login=- ok=L not_now=RDCUHX hidden=ONM forbidden=WVYTABE"},
    "reopen": {"own": "login=- ok=L not_now=RDCUHX hidden=ONM forbidden=WVYTABE"},
    "tell": {"own": "login=- ok=RDH not_now=CULX hidden=ONM forbidden=WVYTABE"},
    "note": {"own": "login=- ok=RDCLH not_now=UX hidden=ONM forbidden=WVYTABE"},
    "withdraw": {"own": "login=- not_now=RDCUL hidden=HOXNM forbidden=WVYTABE"},
    "answer": {"own": "login=- not_now=RDCUL hidden=HOXNM forbidden=WVYTABE"},
    "review": {"own": "login=- not_now=RDCUL hidden=HOXNM forbidden=WVYTABE"},
    "rate": {"own": "login=- not_now=RDCULHX hidden=ONM forbidden=WVYTABE"},
    "close": {"own": "login=- not_now=RDCULHX hidden=ONM forbidden=WVYTABE"},
    "assist": {"own": "login=- ok=D not_now=RCULHX hidden=ONM forbidden=WVYTABE"},
    "take_over": {"own": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE"},
    # The county's centre has none above; the town's own sends it up, the county only reads it there.
    "escalate": {
        "own": "login=- not_given=DL not_now=RCU hidden=HOXNM forbidden=WVYTABE",
        "other": "login=- ok=N not_now=RDCULM hidden=HOX forbidden=WVYTABE",
    },
    "merge": {"own": "login=- ok=RD not_now=CULHX hidden=ONM forbidden=WVYTABE"},
    "split": {"own": "login=- ok=RD not_now=CUL hidden=HOXNM forbidden=WVYTABE"},
    # A grid worker puts it right at the desk (pages_matrix.py); no key of theirs opens this door.
    "place": {
        "own": "login=- ok=RD not_now=CUL hidden=HOXNM forbidden=WVYTABE",
        "other": "login=- ok=NM not_now=RDCUL hidden=HOX forbidden=WVYTABE",
        "restricted": "login=- ok=RD not_now=CUL hidden=HOXNM forbidden=WVYTABE",
    },
    "request:transfer": {"own": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE"},
    "request:whistle": {"own": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE"},
    "decide:transfer": {"own": "login=- ok=DL not_now=RCUHX hidden=ONM forbidden=WVYTABE"},
    "decide:whistle": {"own": "login=- ok=DL not_now=RCUHX hidden=ONM forbidden=WVYTABE"},
    "request:object": {"own": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE"},
    "request:extend": {"own": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE"},
    "request:suspend": {"own": "login=- ok=H not_now=RDCULX hidden=ONM forbidden=WVYTABE"},
    "request:void": {"own": "login=- ok=RD not_now=CUL hidden=HOXNM forbidden=WVYTABE"},
    "decide:object": {"own": "login=- ok=DL not_now=RCUHX hidden=ONM forbidden=WVYTABE"},
    "decide:extend": {"own": "login=- ok=DL not_now=RCUHX hidden=ONM forbidden=WVYTABE"},
    "decide:suspend": {"own": "login=- ok=DL not_now=RCUHX hidden=ONM forbidden=WVYTABE"},
    # Only at level 1 or 2; a leader of the owning centre, in a town without one that of the county.
    "request:pass_check": {"own": "login=- ok=C not_now=RDULHX hidden=ONM forbidden=WVYTABE"},
    "decide:pass_check": {"own": "login=- ok=UL not_now=RDCHX hidden=ONM forbidden=WVYTABE"},
    "decide:void": {"own": "login=- ok=L not_now=RDCU hidden=HOXNM forbidden=WVYTABE"},
}
# Other writes on an event.
WRITES = {
    # Any leader of the centre that is called; the county's leaders see a town's call, the town answers it.
    "POST /api/v1/events/{number}/acknowledge": {
        "own": "login=- ok=UL hidden=X forbidden=RDCHONMWVYTABE",
        "other": "login=- not_now=UL hidden=X forbidden=RDCHONMWVYTABE",
        "restricted": "login=- ok=UL hidden=X forbidden=RDCHONMWVYTABE",
    },
    # Connected systems only: nobody of the cast is one (see events/tests/test_alarms.py).
    "POST /api/v1/alarms": {"none": "login=- forbidden=RDCULHOXNMWVYTABE"},
    "POST /api/v1/events": {"none": "login=- ok=RDNMWVHO forbidden=CULXYTABE"},
    "POST /api/v1/events/{number}/voices/{voice}/part": {
        "own": "login=- ok=RD hidden=NM forbidden=CULHOXWVYTABE",
        "other": "login=- ok=NM not_now=RD forbidden=CULHOXWVYTABE",
    },
    "POST /api/v1/events/{number}/voices/{voice}/reveal": {
        "own": "login=- ok=RDU hidden=NM forbidden=CLHOXWVYTABE",
        "other": "login=- ok=NM not_now=RDU forbidden=CLHOXWVYTABE",
        "restricted": "login=- ok=RDU hidden=NM forbidden=CLHOXWVYTABE",
    },
}
# The part of an assisting unit (the fire brigade, O; city management, H, leads).
PARTS = {
    "claim_part": "login=- ok=O not_now=DLHX hidden=N forbidden=RCUMWVYTABE",
    "resolve_part": "login=- ok=O not_now=DLHX hidden=N forbidden=RCUMWVYTABE",
    "redo_part": "login=- ok=DH not_now=LOX hidden=N forbidden=RCUMWVYTABE",
    "release_part": "login=- ok=DL not_now=HOX hidden=N forbidden=RCUMWVYTABE",
    "request:excuse": "login=- ok=O not_now=DLHX hidden=N forbidden=RCUMWVYTABE",
    "decide:excuse": "login=- ok=DL not_now=HOX hidden=N forbidden=RCUMWVYTABE",
}
PART_DOOR = "POST /api/v1/events/{number}/parts/{unit}/steps"
STEP_DOOR = "POST /api/v1/events/{number}/steps"
