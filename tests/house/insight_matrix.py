"""Who may open which page of the map; written by hand, read with pages_matrix.py."""

from tests.house.readers import EVERYBODY

# Whoever sees matters of more than the own round.
NO_CODE = "hidden=-RDCULHOXNMWVYTABE"
ON_THE_MAP = "login=- ok=RDCULHOXNMYT forbidden=WVABE"
# The same people; without a box or a point they are told that nothing can be read from the address.
NOWHERE = "login=- refused=RDCULHOXNMYT forbidden=WVABE"
# A matter of the county centre's town that no unit has yet.
IN_THE_AREA = "login=- ok=RDCULYT hidden=HOXNM forbidden=WVABE"

DOORS = {
    "GET /map/": ON_THE_MAP,
    # Lines and names of areas are public.
    "GET /map/outlines/{level}/": EVERYBODY,
    "GET /map/outlines/{level}/{home}/": EVERYBODY,
    # Whoever sees matters compares them; what each counts is a matter of the scope.
    "GET /map/heat/": ON_THE_MAP,
    "GET /map/heat/data/": ON_THE_MAP,
    "GET /map/heat/table.csv": ON_THE_MAP,
    "GET /map/heat/{cell}/": ON_THE_MAP,
    # The page is empty without a code; without one nobody learns anything, whoever is signed in.
    "GET /wall/": EVERYBODY,
    "GET /wall/data/": NO_CODE,
    "GET /wall/ticket/": NO_CODE,
    # The leader of a centre and the system administrator keep the screens; a department's leader reads why not.
    "GET /wall/links/": "login=- ok=LXA forbidden=URDCHONMWVYTBE",
    "POST /wall/links/": "login=- ok=LA not_now=X forbidden=URDCHONMWVYTBE",
    "POST /wall/links/{link_id}/revoke/": "login=- ok=LA not_now=X forbidden=URDCHONMWVYTBE",
    "GET /map/units/": ON_THE_MAP,
    "GET /map/points/": NOWHERE,
    "GET /map/list/": NOWHERE,
    "GET /map/near/": NOWHERE,
    "GET /map/things/": NOWHERE,
    "POST /map/share/": NOWHERE,
    "GET /map/points/{number}/": IN_THE_AREA,
    "GET /map/events/{number}/": IN_THE_AREA,
    # It is not accepted yet.
    "POST /map/events/{number}/dispatch/": "login=- not_now=D hidden=N forbidden=RCULHOXMWVYTABE",
}
