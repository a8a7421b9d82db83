"""The reads of this room."""

from lindung.claims.finding import standing_event, why_not_withdrawn
from lindung.claims.queries.detail import (
    BatchDetail,
    ClaimDetail,
    DocumentRow,
    EventDetail,
    batch_detail,
    claim_detail,
    event_detail,
)
from lindung.claims.queries.heirs import RELATIONS, Heir, heirs_in_law, relation_title
from lindung.claims.queries.lists import (
    PersonClaim,
    batches_page,
    claims_of,
    claims_page,
    count_by_state,
    events_page,
    payable_claims,
    untold_deaths,
)
from lindung.claims.queries.right import programmes_for, right_of

__all__ = [
    "RELATIONS",
    "BatchDetail",
    "ClaimDetail",
    "DocumentRow",
    "EventDetail",
    "Heir",
    "PersonClaim",
    "batch_detail",
    "batches_page",
    "claim_detail",
    "claims_of",
    "claims_page",
    "count_by_state",
    "event_detail",
    "events_page",
    "heirs_in_law",
    "payable_claims",
    "programmes_for",
    "relation_title",
    "right_of",
    "standing_event",
    "untold_deaths",
    "why_not_withdrawn",
]
