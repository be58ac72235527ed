"""Who may open which page of supervision; written by hand, read with pages_matrix.py."""

from tests.house.readers import AT_THE_DESK

IN_SIGHT = "login=- ok=RDCULHOXNMYT hidden=WV forbidden=ABE"

DOORS = {
    "GET /supervise/": AT_THE_DESK,
    "GET /supervise/owed/": AT_THE_DESK,
    # Tasks are of units; whoever goes round a grid has none. The one here: the county's leader gave it to H's office.
    "GET /supervise/tasks/": "login=- ok=RDCULHOXNMYT forbidden=WVABE",
    "GET /supervise/tasks/{task_id}/": "login=- ok=RDCULHXYT hidden=ONM forbidden=WVABE",
    # Reported by the office that has it: its handler or its leader.
    "POST /supervise/tasks/{task_id}/": "login=- ok=HX not_now=RDCULYT hidden=ONM forbidden=WVABE",
    # Everybody who works for a unit reads its roster; its leader, in a centre also a dispatcher, keeps it, each with
    # people of the own unit. The rosters of other units: for the centre above them.
    "GET /supervise/roster/": "login=- ok=RDCULHOXNM forbidden=WVYTABE",
    "POST /supervise/roster/": "login=- ok=DL refused=NX not_now=RCUHOM forbidden=WVYTABE",
    "GET /supervise/roster/series/": "login=- ok=DLNX forbidden=RCUHOMWVYTABE",
    "GET /supervise/roster/{code}/": "login=- ok=DLN hidden=X forbidden=RCUHOMWVYTABE",
    # A second objection in the county centre's town, raised by the city management office: its leader alone rules.
    "GET /supervise/rulings/": AT_THE_DESK,
    "GET /supervise/rulings/{ruling_id}/": "login=- ok=RDCULHXWYT hidden=ONMV forbidden=ABE",
    "POST /supervise/rulings/{ruling_id}/": "login=- ok=L not_now=RDCUHXWYT hidden=ONMV forbidden=ABE",
    "POST /supervise/rulings/{ruling_id}/withdraw/": "login=- ok=L not_now=X forbidden=RDCUHONMWVYTABE",
    # The leader of a centre keeps its rules; the leader of an office has none.
    "GET /supervise/rules/": "login=- ok=L hidden=X forbidden=RDCUHONMWVYTABE",
    "POST /supervise/rules/": "login=- ok=L hidden=X forbidden=RDCUHONMWVYTABE",
    "GET /supervise/rules/{rule_id}/": "login=- ok=L hidden=X forbidden=RDCUHONMWVYTABE",
    "POST /supervise/rules/{rule_id}/": "login=- ok=L hidden=X forbidden=RDCUHONMWVYTABE",
    # A proposed yellow card is left by who might issue it: the duty leader or the leader, not the dispatcher.
    "POST /supervise/rules/proposals/{hit_id}/leave/": "login=- ok=UL hidden=DNX forbidden=RCHOMWVYTABE",
    # A grid worker and the administrators have no part in orders.
    "GET /supervise/orders/": "login=- ok=RDCULHOXNMYT forbidden=WVABE",
    # Who answers for what is read by everybody who sees matters.
    "GET /supervise/duties/": AT_THE_DESK,
    # Plans are read by everybody, kept by dispatchers and leaders of a centre; the town keeps none for the county.
    "GET /supervise/plans/": AT_THE_DESK,
    "GET /supervise/plans/new/": "login=- ok=DLN hidden=X forbidden=RCUHOMWVYTABE",
    "POST /supervise/plans/new/": "login=- ok=DL refused=N hidden=X forbidden=RCUHOMWVYTABE",
    "GET /supervise/plans/{plan_id}/": "login=- ok=DL hidden=NX forbidden=RCUHOMWVYTABE",
    "POST /supervise/plans/{plan_id}/": "login=- ok=DL hidden=NX forbidden=RCUHOMWVYTABE",
    "POST /supervise/plans/{plan_id}/switch/": "login=- ok=DL hidden=NX forbidden=RCUHOMWVYTABE",
    # Circulars: written by the centre's dispatcher, analyst and leader; published, all its units read it (here to all
    # of them). A draft is hidden outside the centre. The list is there for everybody, what stands in it is not.
    "GET /supervise/circulars/": AT_THE_DESK,
    "POST /supervise/circulars/prefix/": "login=- ok=DLNY not_now=X forbidden=RCUHOMWVTABE",
    "GET /supervise/circulars/new/": "login=- ok=DLXNY forbidden=RCUHOMWVTABE",
    # The county is not the neighbour's to count.
    "POST /supervise/circulars/new/": "login=- ok=DLY refused=N not_now=X forbidden=RCUHOMWVTABE",
    "GET /supervise/circulars/{circular_id}/": IN_SIGHT,
    "GET /supervise/circulars/{circular_id}/edit/": "login=- ok=DLY hidden=XN forbidden=RCUHOMWVTABE",
    "POST /supervise/circulars/{circular_id}/edit/": "login=- ok=DLY hidden=XN forbidden=RCUHOMWVTABE",
    "POST /supervise/circulars/{circular_id}/do/{verb}/": "login=- ok=DLY hidden=XN forbidden=RCUHOMWVTABE",
    # Whoever answers for a unit says for it that it was read; the centre that sent it has nothing to say.
    "POST /supervise/circulars/{circular_id}/read/": "login=- ok=HOXNM not_now=RDL forbidden=CUWVYTABE",
    "GET /supervise/circulars/{circular_id}/figure/{name}/": IN_SIGHT,
    "GET /supervise/circulars/{circular_id}/paper.pdf": IN_SIGHT,
    "GET /supervise/circulars/{circular_id}/paper.docx": IN_SIGHT,
    # The notice board hangs for everybody; a centre's dispatcher and leader put up and take down their own.
    "GET /supervise/board/": AT_THE_DESK,
    "GET /supervise/board/new/": "login=- ok=DLXN forbidden=RCUHOMWVYTABE",
    "POST /supervise/board/new/": "login=- ok=DLN not_now=X forbidden=RCUHOMWVYTABE",
    "POST /supervise/board/{board_id}/down/": "login=- ok=DL not_now=XN forbidden=RCUHOMWVYTABE",
    # The county's centre calls one and invites H's office; whoever sits at the table reads, who called it cancels.
    "GET /supervise/meetings/": "login=- ok=RDCULHOXNM forbidden=WVYTABE",
    "GET /supervise/meetings/new/": "login=- ok=DULXN forbidden=RCHOMWVYTABE",
    "POST /supervise/meetings/new/": "login=- ok=DUL not_now=X refused=N forbidden=RCHOMWVYTABE",
    "GET /supervise/meetings/{meeting_id}/": "login=- ok=RDCULHX hidden=ONM forbidden=WVYTABE",
    # Whoever sees the matter sees it on the list; H's office does not have this one. Its leader keeps it.
    "GET /supervise/hard/": "login=- ok=RDCULHOXNMYT forbidden=WVABE",
    "GET /supervise/hard/{case_id}/": "login=- ok=RDCULYT hidden=HOXNM forbidden=WVABE",
    "POST /supervise/hard/{case_id}/": "login=- ok=L not_now=RDCUYT hidden=HOXNM forbidden=WVABE",
    # A dispatcher, a duty leader or a leader of a centre proposes for its own area; here it is the county's.
    "GET /supervise/places/": "login=- ok=RDCULHOXNMYT forbidden=WVABE",
    "GET /supervise/places/new/": "login=- ok=DULN hidden=X forbidden=RCHOMWVYTABE",
    "POST /supervise/places/new/": "login=- ok=DUL refused=N hidden=X forbidden=RCHOMWVYTABE",
    # The work here is of the county's centre with H's office; the centre adds a measure.
    "GET /supervise/places/{work_id}/": "login=- ok=RDCULHXYT hidden=ONM forbidden=WVABE",
    "POST /supervise/places/{work_id}/": "login=- ok=DUL not_now=RCHXYT hidden=ONM forbidden=WVABE",
    "GET /supervise/places/{work_id}/figure/{name}/": "login=- ok=RDCULHXYT hidden=ONM forbidden=WVABE",
    # A proposal is changed by the centre that made it.
    "GET /supervise/places/{work_id}/edit/": "login=- ok=DUL hidden=NX forbidden=RCHOMWVYTABE",
    "POST /supervise/places/{work_id}/edit/": "login=- ok=DUL hidden=NX forbidden=RCHOMWVYTABE",
    "POST /supervise/meetings/{meeting_id}/": "login=- ok=DUL not_now=RCHX hidden=ONM forbidden=WVYTABE",
}
