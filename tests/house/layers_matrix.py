"""Who may open which page of the layers; written by hand, read with pages_matrix.py."""

# The system administrator alone keeps them.
KEEP = "login=- ok=A forbidden=RDCULHOXNMWVYTBE"
# Open to everybody, and there only where the settings name an archive of tiles.
NO_ARCHIVE = "hidden=-RDCULHOXNMWVYTABE"
DOORS = {
    "GET /map/base/{tag}/{z}/{x}/{y}/": NO_ARCHIVE,
    "GET /map/base/{tag}/{z}/{x}/{y}/{theme}.svg": NO_ARCHIVE,
    "GET /settings/layers/": KEEP,
    "POST /settings/layers/": KEEP,
    "GET /settings/layers/{code}/": KEEP,
    "POST /settings/layers/{code}/": KEEP,
    "POST /settings/layers/{code}/show/": KEEP,
    "GET /settings/layers/{code}/things/": KEEP,
    "GET /settings/names/": KEEP,
    # Without a file there is nothing to look at.
    "POST /settings/names/": "login=- refused=A forbidden=RDCULHOXNMWVYTBE",
    "POST /settings/layers/{code}/things/": "login=- refused=A forbidden=RDCULHOXNMWVYTBE",
}
