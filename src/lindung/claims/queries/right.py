"""What the law gives for a death on the facts on record: for the preview before a claim, and for the judgement."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from lindung import law
from lindung.claims.judging import Judged, judge_death
from lindung.claims.models import Claim, InsuredEvent
from lindung.contributions.queries import ClaimFacts, claim_facts, cover_of
from lindung.core.clock import today
from lindung.core.errors import InvalidInput
from lindung.core.months import add_months
from lindung.membership.models import Membership
from lindung.membership.queries import ended_afterwards


def programmes_for(source: str, cause: str) -> tuple[str, ...]:
    """Under which programme the death gives a right: JKM when not from work, JKK when from work; both may be asked for
    when only the civil registry told of it, which does not tell the two apart."""
    if source == InsuredEvent.Source.REGISTRY:
        return Claim.Programme.JKM.value, Claim.Programme.JKK.value
    work = cause == InsuredEvent.Cause.WORK
    return (Claim.Programme.JKK.value if work else Claim.Programme.JKM.value,)


def right_of(person_id: int, programme: str, died_on: date, received_on: date) -> Judged:
    """What the law gives the heirs under JKM or JKK for a claim received that day. Nothing is kept.

    Raises InvalidInput for a day outside the law that is known."""
    facts = facts_at_death(person_id, died_on)
    try:
        return judge_death(programme, died_on, facts, _arrears_settled(person_id, facts), received_on)
    except law.LawError as error:
        raise InvalidInput(
            "law_unknown",
            _("Hukum untuk kejadian ini belum dapat dihitung: %(message)s") % {"message": error.message},
            way_out=_("Serahkan kepada kantor cabang untuk diputuskan dengan tangan."),
        ) from error


def facts_at_death(person_id: int, died_on: date) -> ClaimFacts | None:
    """The contribution history on the day of death; None for someone who was not a member then or the day before
    (a membership may have been ended on the day of death itself), unless that end was written down after the death."""
    members = Membership.objects.filter(person_id=person_id, registered_on__lte=died_on)
    if members.filter(valid__overlap=DateRange(died_on - timedelta(days=1), died_on, "[]")).exists():
        return claim_facts(person_id, died_on)
    return claim_facts(person_id, died_on) if ended_afterwards(person_id, died_on) else None


def _arrears_settled(person_id: int, facts: ClaimFacts | None) -> bool:
    """Whether the months owed on the day of death have been paid since."""
    if facts is None or facts.status != "grace" or facts.paid_through is None:
        return False
    last_owed = add_months(facts.paid_through, facts.arrears_months)
    paid_through = cover_of(person_id, today()).paid_through
    return paid_through is not None and paid_through >= last_owed
