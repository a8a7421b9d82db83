"""An office that works until it is killed: `python -m operation.office`.

Reads the name of an act per line, does it in a forked child (so that a child is there at once, without importing
anything again), prints the child's number when it begins and its exit status when it has ended."""

from __future__ import annotations

import os
import sys
from datetime import date

import django

django.setup()

import polars as pl  # noqa: E402
from assistance.lists import GOOD, workbook  # noqa: E402
from world import TODAY, World, make_people, make_world  # noqa: E402

from lindung.assistance import actions as assistance  # noqa: E402
from lindung.assistance.models import Decree, DecreeDecision, Proposal, Scheme  # noqa: E402
from lindung.contributions import actions as contributions  # noqa: E402
from lindung.contributions.models import Bill  # noqa: E402
from lindung.core.actors import acting_as  # noqa: E402
from lindung.places.models import Place  # noqa: E402

PEOPLE = 40
JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)


def setup(world: World) -> None:
    world.actor("regency_approver")
    with acting_as(world.officer):
        assistance.create_kubu_raya_scheme(world.officer, world.agency.pk, 2026)


def office_list(world: World) -> bytes:
    """Forty people, of whom five are written wrongly; the same bytes each time."""
    names = dict(Place.objects.values_list("key", "name"))
    people = make_people(PEOPLE, 7, list(world.villages))
    rows = [
        GOOD | {
            "NIK": row["nik"], "Nama Lengkap": row["name"], "Tanggal Lahir": row["birth_date"], "L/P": row["sex"],
            "Nama Ibu Kandung": row["mother_name"], "Desa/Kelurahan": names[row["place_id"]],
            "Kecamatan": names[row["place_id"] // 10_000 * 10_000],
        }
        for row in people.with_columns(pl.col("birth_date").dt.strftime("%d/%m/%Y")).rows(named=True)
    ]  # fmt: skip
    for row in rows[:5]:
        row["NIK"] = row["NIK"][:15]
    return workbook(rows)


def proposals(world: World) -> None:
    """What `lindung import proposals` does."""
    with acting_as(world.officer):
        known = Proposal.objects.filter(file_name="usulan.xlsx").first()
        proposal = known or assistance.receive_proposal(
            world.officer, Scheme.objects.get().pk, "usulan.xlsx", office_list(world)
        )
    with acting_as(world.officer):
        assistance.check_proposal(world.officer, proposal.pk)


def decree(world: World) -> None:
    made = Decree.objects.first()
    if made is None:
        with acting_as(world.officer):
            made = assistance.propose_decree(
                world.officer, Scheme.objects.get().pk, "400/2026", JANUARY, JANUARY, MARCH, "Hasil verifikasi"
            )
    if not DecreeDecision.objects.exists():
        with acting_as(world.approver):
            assistance.decide_decree(world.approver, made.pk, "approved", "Sesuai")
    with acting_as(world.approver):
        assistance.enact_decree(world.approver, made.pk)


def bills(world: World) -> None:
    for bill in Bill.objects.order_by("month"):
        with acting_as(world.officer):
            contributions.issue_bill(world.officer, bill.pk, bill.month)


def payments(world: World) -> None:
    for bill in Bill.objects.select_related("issue").order_by("month"):
        with acting_as(world.officer):
            contributions.record_payment(
                world.officer, bill.payer_id, "sp2d", f"SP2D-{bill.month:%Y-%m}", TODAY, bill.issue.amount, [bill.pk]
            )  # fmt: skip


ACTS = {"setup": setup, "proposals": proposals, "decree": decree, "bills": bills, "payments": payments}


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                ACTS[line.strip()](make_world())
            except BaseException as error:
                print(f"{line.strip()}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
                os._exit(1)
            os._exit(0)
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    main()
