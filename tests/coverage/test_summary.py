"""The summary says what the person-months, claims and decrees say, counted another way."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest
from coverage_history import History, issue, make_scheme, pay_claim
from django.db import connection
from world import TODAY, World

from lindung import law
from lindung.contributions import actions as contributions
from lindung.contributions.models import PersonMonth
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.errors import NotAllowed
from lindung.core.models import ActionEntry
from lindung.core.ui.listing import ListQuery
from lindung.coverage import actions, queries
from lindung.coverage.models import Summary
from lindung.membership.models import Membership
from lindung.people.models import LifeEvent, Person

pytestmark = pytest.mark.django_db


def refresh(day: date = TODAY) -> int:
    with acting_as(SYSTEM):
        return actions.refresh_summary(SYSTEM, day)


def stored(metric: str, day: date = TODAY) -> Counter[tuple[int, str]]:
    rows = Summary.objects.filter(metric=metric, as_of=day).values_list("place_id", "detail", "value")
    return Counter({(place, detail): value for place, detail, value in rows})


def paid_months(day: date) -> list[PersonMonth]:
    """Person-months whose charge stands and whose bill was settled by a day, one by one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT bill_id FROM contributions_settledbill WHERE settled_on <= %s", [day])
        settled = {row[0] for row in cursor.fetchall()}
    newest: dict[tuple[date, int, int], PersonMonth] = {}
    for row in PersonMonth.objects.select_related("payer").order_by("entry_no"):
        newest[row.month, row.person_id, row.job] = row
    return [row for row in newest.values() if row.entry_no % 2 and row.bill_id in settled]


def people_by_the_law(day: date) -> dict[str, Counter[tuple[int, str]]]:
    """Each person judged by the law itself, one at a time."""
    months: dict[int, list[PersonMonth]] = defaultdict(list)
    for row in paid_months(day):
        months[row.person_id].append(row)
    counts: dict[str, Counter[tuple[int, str]]] = {"active": Counter(), "grace": Counter()}
    dead = set(LifeEvent.objects.filter(kind="death", occurred_on__lt=day).values_list("person_id", flat=True))
    for person_id, rows in months.items():
        last = max(rows, key=lambda row: row.month)
        member = Membership.objects.get(pk=last.membership_id)
        ended = member.valid.upper is not None and member.valid.upper < day
        paid = [law.PaidMonths(row.month, row.month, row.month) for row in rows]
        status = law.decide_cover(last.segment, member.registered_on, paid, day).status
        if person_id not in dead and not ended and status in counts:
            counts[status][last.place_id, last.payer.kind] += 1
    return counts


@pytest.mark.parametrize("day", [TODAY, date(2026, 1, 31), date(2025, 12, 31), date(2025, 10, 31)])
def test_people_equal_a_count_person_by_person(history: History, day: date) -> None:
    refresh(day)
    expected = people_by_the_law(day)
    assert stored("people_active", day) == expected["active"]
    assert stored("people_grace", day) == expected["grace"]
    assert sum(expected["active"].values()) + sum(expected["grace"].values()) > 0


def test_who_counts_today(history: History) -> None:
    """Twelve less one death, eight in grace, six less one who left; lapsed and merely billed do not count."""
    refresh()
    assert (stored("people_active").total(), stored("people_grace").total()) == (11 + 5, 8)


def test_person_months_and_people_financed(history: History, world: World) -> None:
    refresh()
    this_year = [row for row in paid_months(TODAY) if row.month.year == 2026]
    assert stored("person_months") == Counter((row.place_id, row.payer.kind) for row in this_year)
    distinct = {(row.person_id, row.place_id, row.payer.kind) for row in this_year}
    assert stored("people_financed") == Counter((place, kind) for _, place, kind in distinct)
    found = queries.overview(queries.regency(), TODAY)
    assert (found.financed.value, found.person_months.value) == (12, 24)
    assert found.financed.since == date(2026, 1, 1)


def test_a_reversed_person_month_does_not_count(history: History, world: World) -> None:
    refresh()
    before = stored("person_months").total()
    with acting_as(SYSTEM):
        contributions.reverse_person_months(SYSTEM, history.ids("billed")[:1], date(2026, 2, 1), "Salah orang")
        bill = issue(world.village_payer, date(2026, 2, 1)).payer.bills.get(month=date(2026, 2, 1), sequence=1)
        left = 2 * 16_800
        contributions.record_payment(SYSTEM, world.village_payer.pk, "transfer", "T-2", TODAY, left, [bill.pk])
    refresh()
    assert stored("person_months").total() == before + 2
    assert stored("people_active") == people_by_the_law(TODAY)["active"]


def test_benefits_per_programme_this_year_and_ever(history: History, world: World) -> None:
    first, second = history.ids("agency")[:2]
    pay_claim(world, first, "JKM", 42_000_000, date(2026, 2, 24))
    pay_claim(world, second, "JKM", 10_000_000, date(2025, 11, 24))
    pay_claim(world, second, "JKK", 70_000_000, date(2026, 2, 25))
    pay_claim(world, history.ids("grace")[0], "JKK", 1_000_000, date(2026, 3, 1))  # after the day counted
    refresh()
    rows = {row.programme: row for row in queries.overview(queries.regency(), TODAY).programmes}
    assert (rows["JKM"].claims, rows["JKM"].amount, rows["JKM"].mean) == (1, 42_000_000, 42_000_000)
    assert (rows["JKM"].claims_ever, rows["JKM"].amount_ever, rows["JKM"].mean_ever) == (2, 52_000_000, 26_000_000)
    assert (rows["JKK"].claims, rows["JKK"].amount) == (1, 70_000_000)
    home = Person.objects.get(pk=first).place_id
    assert stored("claims_paid")[home, "JKM"] == 1


def test_budget_counts_approved_decrees_and_settled_bills(history: History, world: World) -> None:
    make_scheme(world, ((1, "approved", 300_000_000), (2, "returned", 90_000_000), (3, "", 80_000_000)))
    refresh()
    budget = queries.overview(queries.regency(), TODAY).budget
    assert (budget.ceiling, budget.committed, budget.free) == (500_000_000, 300_000_000, 200_000_000)
    assert budget.realised == 12 * 2 * 16_800  # December was last year's money


def test_refresh_is_repeatable_and_keeps_one_day_a_month(history: History) -> None:
    refresh(date(2026, 2, 10))
    refresh()
    first = list(Summary.objects.order_by("as_of", "metric", "place", "detail").values_list(
        "as_of", "metric", "place", "detail", "since", "value"))  # fmt: skip
    again = refresh()
    assert list(Summary.objects.order_by("as_of", "metric", "place", "detail").values_list(
        "as_of", "metric", "place", "detail", "since", "value")) == first  # fmt: skip
    assert again == Summary.objects.filter(as_of=TODAY).count()  # the months before are not counted again
    assert not Summary.objects.filter(as_of=date(2026, 2, 10)).exists()


def test_the_first_refresh_shows_twelve_months(history: History) -> None:
    refresh()
    trend = queries.overview(queries.regency(), TODAY).trend
    assert [month for month, _ in trend][::11] == [date(2025, 3, 1), date(2026, 2, 1)]
    assert dict(trend)[date(2025, 8, 1)] == 4 and dict(trend)[date(2025, 7, 1)] == 0


def test_villages_add_up_to_districts_and_to_the_whole(history: History, world: World) -> None:
    refresh()
    home = queries.regency()
    whole = queries.overview(home, TODAY)
    villages, total = queries.villages(home, TODAY, ListQuery(size=100))
    districts = queries.districts(home, TODAY)
    assert total == len(villages) == 6
    for name in ("people", "active", "grace", "financed", "person_months", "claims", "benefit", "realised"):
        assert sum(getattr(row, name) for row in villages) == sum(getattr(row, name) for row in districts), name
    assert sum(row.people for row in villages) == whole.protected.value == sum(whole.by_payer.values())
    assert whole.protected.value == whole.active + whole.grace


def test_only_who_may_counts(world: World) -> None:
    with acting_as(world.leadership), pytest.raises(NotAllowed):
        actions.refresh_summary(world.leadership, TODAY)


def test_refresh_leaves_a_trace(history: History) -> None:
    rows = refresh()
    entry = ActionEntry.objects.get(action="coverage.refresh")
    assert entry.after == {"rows": rows}


def test_row_level_security_hides_other_villages(history: History, world: World) -> None:
    refresh()
    with acting_as(world.operator):
        assert set(Summary.objects.values_list("place_id", flat=True)) <= {world.village}
    with acting_as(world.leadership):
        assert Summary.objects.filter(as_of=TODAY).values("place_id").distinct().count() > 1


def test_statements_do_not_grow_with_people(history: History, django_assert_max_num_queries: object) -> None:
    refresh()
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        queries.overview(queries.regency(), TODAY)
