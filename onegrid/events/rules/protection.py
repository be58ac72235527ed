"""Who is protected as a reporter, and who may open what is sealed.

Regulations on petition work (2022), art. 30: what somebody reports or complains of is never passed to the person or
unit it is about.
"""

from datetime import timedelta

from onegrid.org.roles import DISPATCHER, DUTY_LEADER, LEADER, RECEIVER

ASKERS = (RECEIVER, DISPATCHER, DUTY_LEADER)
DECIDERS = (DUTY_LEADER, LEADER)
# Those of the holding centre who see by which way a protected voice came, and that it left a contact.
KNOWING = (RECEIVER, DISPATCHER, DUTY_LEADER, LEADER)
OPEN_FOR = timedelta(hours=1)
SHORTEST_PURPOSE = 4


def protects(*, wished: bool, about_office: bool, about_unit_ids: list[int], leaf_protects: bool) -> bool:
    """By wish, because it is about an office, or because the leaf says so."""
    return wished or about_office or bool(about_unit_ids) or leaf_protects
