"""The writes of this room, gathered: schemes, proposals, decrees."""

from lindung.assistance.decrees import begin_enactment, decide_decree, enact_decree, propose_decree
from lindung.assistance.opening import open_scheme
from lindung.assistance.proposals import check_proposal, receive_proposal
from lindung.assistance.schemes import create_kubu_raya_scheme, create_scheme

__all__ = [
    "begin_enactment",
    "check_proposal",
    "create_kubu_raya_scheme",
    "create_scheme",
    "decide_decree",
    "enact_decree",
    "open_scheme",
    "propose_decree",
    "receive_proposal",
]
