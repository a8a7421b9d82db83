"""The acts of this room, from the report of a death to the confirmation of a payment."""

from lindung.claims.actions.correcting import DeathCorrection, withdraw_death
from lindung.claims.actions.deaths import DeathListResult, check_death, match_death_list, report_death, tell_heirs
from lindung.claims.actions.deciding import decide_approval, judge_claim
from lindung.claims.actions.filing import Claimant, file_claim, receive_document
from lindung.claims.actions.paying import confirm_payout, make_payout_batch, release_batch

__all__ = [
    "Claimant",
    "DeathCorrection",
    "DeathListResult",
    "check_death",
    "confirm_payout",
    "decide_approval",
    "file_claim",
    "judge_claim",
    "make_payout_batch",
    "match_death_list",
    "receive_document",
    "release_batch",
    "report_death",
    "tell_heirs",
    "withdraw_death",
]
