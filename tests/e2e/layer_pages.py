"""Every page of the layers, and the layer that must be there for them."""

from onegrid.gazetteer import actions
from onegrid.gazetteer.actions import LayerWish, ThingRow
from onegrid.testing import cast
from onegrid.testing.cast import County
from tests.e2e.page import Page

HOME, PAGE = "/settings/layers/", "/settings/layers/hydrants/"
NO_PAGE = {
    "gazetteer:show_layer": "leads back to the layer; what is wrong is shown as after gazetteer:layer",
    "gazetteer:base_tile": "a tile of the map",
    "gazetteer:base_picture": "a tile as a picture",
}
LAYERS = (
    Page("gazetteer:layers", "admin_system", HOME),
    Page("gazetteer:layers", "admin_system", HOME, {"code": "A b", "idempotency_key": "{key}"}, 422),
    Page("gazetteer:layer", "admin_system", PAGE),
    Page("gazetteer:layer", "admin_system", PAGE, {"name_zh": "", "version": "1", "idempotency_key": "{key}"}, 422),
    Page("gazetteer:things", "admin_system", f"{PAGE}things/"),
    Page("gazetteer:things", "admin_system", f"{PAGE}things/", {"system": "wgs84", "idempotency_key": "{key}"}, 422),
    Page("gazetteer:names", "admin_system", "/settings/names/"),
    Page("gazetteer:names", "admin_system", "/settings/names/", {"system": "wgs84", "idempotency_key": "{key}"}, 422),
)


def layered(county: County) -> None:
    """A layer with one thing."""
    wish = LayerWish("hydrants", "消火栓", "消防大队", "Fire hydrants", fields=(("bore", "口径", "bore"),))
    actions.keep_layer(county.admin_system, wish=wish)
    lon, lat = cast.middle(0)
    actions.keep_things(county.admin_system, layer="hydrants", rows=[ThingRow("H1", lon, lat, "东门巷消火栓")])
