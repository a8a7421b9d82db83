"""Enrolling many at once, and the life of a membership."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from world import World, make_people

from lindung.core.actors import Actor, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from lindung.membership.actions import end_membership, enrol, reopen_membership
from lindung.membership.kpj import check_kpj, make_kpj
from lindung.membership.models import Membership, MembershipChange
from lindung.membership.queries import changes_of, membership, membership_by_kpj, memberships_of
from lindung.people.actions import register_people

STARTED = date(2026, 1, 15)


def registered(actor: Actor, people: pl.DataFrame) -> pl.DataFrame:
    """The people as enrol takes them."""
    with acting_as(actor):
        ids = register_people(actor, people)
    return people.join(ids, on="nik").select("person_id", "place_id", "occupation")


@pytest.fixture
def people(world: World) -> pl.DataFrame:
    return registered(world.officer, make_people(120, villages=list(world.villages)))


def enrol_bpu(world: World, people: pl.DataFrame, on: date = STARTED) -> pl.DataFrame:
    with acting_as(world.officer):
        return enrol(world.officer, people, "BPU", on, reason="SK 1")


def test_everyone_gets_a_membership_with_a_kpj_of_their_own(world: World, people: pl.DataFrame) -> None:
    result = enrol_bpu(world, people)
    assert result["is_new"].all()
    assert result["kpj"].n_unique() == result["person_id"].n_unique() == 120
    assert all(check_kpj(kpj) and kpj.startswith("26") for kpj in result["kpj"])
    assert set(result["job"]) == {1}
    assert MembershipChange.objects.filter(kind="joined", reason="SK 1", effective_on=STARTED).count() == 120


def test_again_changes_nothing(world: World, people: pl.DataFrame) -> None:
    first = enrol_bpu(world, people)
    again = enrol_bpu(world, pl.concat([people, people]), date(2026, 2, 1))
    assert again.drop("is_new").equals(first.drop("is_new"))
    assert not again["is_new"].any()
    assert MembershipChange.objects.count() == 120


def test_a_new_sponsor_keeps_the_membership(world: World, people: pl.DataFrame) -> None:
    first = enrol_bpu(world, people)
    with acting_as(world.officer):
        other = enrol(world.officer, people, "BPU", date(2026, 2, 1), payer_id=world.agency.pk)
    assert other["kpj"].equals(first["kpj"])
    assert set(Membership.objects.values_list("payer_id", flat=True)) == {None}


def test_an_employer_gives_another_job(world: World, people: pl.DataFrame) -> None:
    enrol_bpu(world, people)
    some = people.head(10)
    other = world.agency.pk
    with acting_as(world.officer):
        wage = enrol(world.officer, some, "PU", STARTED, world.company.pk)
        again = enrol(world.officer, some, "PU", STARTED, world.company.pk)
        second = enrol(world.officer, some, "PU", STARTED, other)
    assert (set(wage["job"]), set(second["job"])) == ({2}, {3})
    assert again["kpj"].equals(wage["kpj"])
    rows = memberships_of(some["person_id"][0])
    assert [(row.segment, row.job, row.payer_name) for row in rows] == [
        ("BPU", 1, ""), ("PU", 2, world.company.name), ("PU", 3, world.agency.name),
    ]  # fmt: skip


def test_faulty_enrolments(world: World, people: pl.DataFrame) -> None:
    with acting_as(world.officer):
        with pytest.raises(InvalidInput):
            enrol(world.officer, people, "PU", STARTED)
        with pytest.raises(InvalidInput):
            enrol(world.officer, people, "JAKON", STARTED)
        with pytest.raises(InvalidInput):
            enrol(world.officer, people.with_columns(place_id=pl.lit(None, pl.Int64)), "BPU", STARTED)
        with pytest.raises(NotFound):
            enrol(world.officer, people.with_columns(person_id=pl.col("person_id") + 1_000_000), "BPU", STARTED)
    assert Membership.objects.count() == 0


def test_nobody_to_enrol(world: World, people: pl.DataFrame) -> None:
    assert enrol_bpu(world, people.clear()).height == 0


# The life of a membership


def test_an_ended_membership_is_followed_by_another(world: World, people: pl.DataFrame) -> None:
    first = enrol_bpu(world, people.head(1)).row(0, named=True)
    who = first["membership_id"]
    with acting_as(world.officer):
        end_membership(world.officer, who, date(2026, 2, 1), "Pindah")
        end_membership(world.officer, who, date(2026, 2, 1), "Pindah")
        with pytest.raises(Conflict):
            end_membership(world.officer, who, date(2026, 2, 2), "Pindah")
        assert membership(who).ended_on == date(2026, 2, 1)
        with pytest.raises(InvalidInput):
            end_membership(world.officer, who, date(2026, 1, 1), "Pindah")
    second = enrol_bpu(world, people.head(1), date(2026, 2, 10)).row(0, named=True)
    assert (second["job"], second["is_new"]) == (2, True)
    assert [row.kpj for row in memberships_of(first["person_id"]) if row.ended_on is None] == [second["kpj"]]
    with acting_as(world.officer), pytest.raises(Conflict):
        reopen_membership(world.officer, who, "Keliru")


def test_a_mistaken_end_can_be_undone(world: World, people: pl.DataFrame) -> None:
    row = enrol_bpu(world, people.head(1)).row(0, named=True)
    with acting_as(world.officer):
        end_membership(world.officer, row["membership_id"], STARTED, "Salah orang")
        assert membership(row["membership_id"]).ended_on == STARTED
        reopen_membership(world.officer, row["membership_id"], "Ternyata benar")
        reopen_membership(world.officer, row["membership_id"], "Ternyata benar")
    assert membership_by_kpj(row["kpj"]).ended_on is None
    assert [change.kind for change in changes_of(row["person_id"])] == ["joined", "ended", "reopened"]
    assert enrol_bpu(world, people.head(1))["is_new"].to_list() == [False]


def test_a_slip_in_the_kpj_is_named(world: World, people: pl.DataFrame) -> None:
    kpj = enrol_bpu(world, people.head(1))["kpj"][0]
    assert membership_by_kpj(f" {kpj[:2]} {kpj[2:]}").kpj == kpj
    with pytest.raises(InvalidInput, match="11 angka"):
        membership_by_kpj(f"{kpj[:-1]}{(int(kpj[-1]) + 1) % 10}")
    with pytest.raises(NotFound):
        membership_by_kpj(make_kpj(99_999_999, 2016))


# A village operator's view


def test_an_operator_stays_in_the_village(world: World, people: pl.DataFrame) -> None:
    result = enrol_bpu(world, people)
    inside = people.filter(place_id=world.village)
    outside = people.filter(place_id=world.villages[1])
    stranger = result.filter(person_id=outside["person_id"][0])["membership_id"][0]
    with acting_as(world.operator):
        assert set(Membership.objects.values_list("place_id", flat=True)) == {world.village}
        assert not enrol(world.operator, inside, "BPU", STARTED)["is_new"].any()
        with pytest.raises(NotAllowed):
            enrol(world.operator, outside, "BPU", STARTED)
        with pytest.raises(NotFound):  # a person of another village, said to live in this one
            enrol(world.operator, outside.with_columns(place_id=pl.lit(world.village)), "BPU", STARTED)
        for act in (
            lambda: end_membership(world.operator, stranger, date(2026, 2, 1), "x"),
            lambda: reopen_membership(world.operator, stranger, "x"),
            lambda: membership(stranger),
        ):
            with pytest.raises(NotFound):
                act()
