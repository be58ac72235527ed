"""Who may open which page of the territory; written by hand, read with pages_matrix.py."""

# The system administrator of the county's centre drafts, its leader approves; a department's leader finds none.
READ = "login=- ok=LA hidden=X forbidden=RDCUHONMWVYTBE"
DRAFT = "login=- ok=A forbidden=RDCULHOXNMWVYTBE"
# The system administrator, and a centre's leader and dispatchers; the leader of an office keeps no grids.
KEEPERS = "login=- ok=DLNA hidden=X forbidden=RCUHOMWVYTBE"
DOORS = {
    "GET /settings/areas/coverage/": KEEPERS,
    "GET /settings/areas/balance/": KEEPERS,
    # No such fault is there to mend.
    "POST /settings/areas/coverage/mend/": "login=- not_now=A forbidden=RDCULHOXNMWVYTBE",
    "GET /settings/areas/import/": "login=- ok=A forbidden=RDCULHOXNMWVYTBE",
    # Without a file there is nothing to look at.
    "POST /settings/areas/import/": "login=- refused=A forbidden=RDCULHOXNMWVYTBE",
    # A file that waits to be applied.
    "GET /settings/imports/{import_id}/": DRAFT,
    "GET /settings/imports/{import_id}/now/": DRAFT,
    "GET /settings/imports/{import_id}/faults.csv": DRAFT,
    "POST /settings/imports/{import_id}/": DRAFT,
    "GET /settings/areas/": "login=- ok=LA hidden=X forbidden=RDCUHONMWVYTBE",
    "GET /settings/areas/new/": DRAFT,
    "POST /settings/areas/new/": DRAFT,
    "GET /settings/areas/{redivision_id}/": READ,
    "GET /settings/areas/{redivision_id}/edit/": DRAFT,
    "POST /settings/areas/{redivision_id}/edit/": DRAFT,
    "GET /settings/areas/{redivision_id}/draw/": DRAFT,
    "GET /settings/areas/{redivision_id}/grids.json": READ,
    # Before it takes effect there is nothing to compare; who drafts sees no matters.
    "GET /settings/areas/{redivision_id}/figures/": "login=- hidden=LX forbidden=ARDCUHONMWVYTBE",
    "GET /settings/areas/{redivision_id}/figures/table.csv": "login=- hidden=LX forbidden=ARDCUHONMWVYTBE",
    "POST /settings/areas/{redivision_id}/drop/": DRAFT,
    "POST /settings/areas/{redivision_id}/change/{kind}/": DRAFT,
    # Withdrawn by who drafts; the leader has other steps.
    "POST /settings/areas/{redivision_id}/{verb}/": "login=- ok=A not_now=L hidden=X forbidden=RDCUHONMWVYTBE",
}
