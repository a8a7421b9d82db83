"""The letters of the ladder, and the question to a company about a finding: content frozen, then set."""

from __future__ import annotations

from datetime import date

from lindung.compliance.arrears import Arrears, Overdue
from lindung.compliance.kinds import KINDS
from lindung.compliance.queries.findings import FindingDetail
from lindung.compliance.rules import rule
from lindung.compliance.steps import OBJECTION, StepKind
from lindung.core.actors import Actor
from lindung.core.clock import installation, now, today
from lindung.core.models import User
from lindung.core.money import format_rupiah
from lindung.core.ui.words import in_official_language
from lindung.formats.compliance_letters import CompanyLetter, OverdueBill
from lindung.formats.documents import Issuer
from lindung.formats.words import long_date, number
from lindung.payers.models import Payer

_PER = 100_000
CLASS_WORDS = {
    "lancar": "lancar (sampai 3 bulan)",
    "kurang_lancar": "kurang lancar (4–6 bulan)",
    "diragukan": "diragukan (7–12 bulan)",
    "macet": "macet (lebih dari 12 bulan)",
}


def issuer() -> Issuer:
    """The office that writes."""
    served = installation()
    name = served.name if served else "Lindung"
    return Issuer(
        office=f"Layanan Jaminan Sosial Ketenagakerjaan {name}", place=name.removeprefix("Kabupaten "), made_at=now()
    )


def signer(actor: Actor) -> tuple[str, str]:
    """Title and name under a letter."""
    title = User.objects.filter(pk=actor.user_id or 0).values_list("title", flat=True).first()
    return title or "Petugas", actor.name


def fine(amount: int, sp2_deadline: date, on: date) -> int:
    """The administrative fine in rupiah: so much a month of the contributions due, for every month begun since the
    second warning ran out (PP 86/2013 Art 10), rounded half up."""
    begun = max((on.year - sp2_deadline.year) * 12 + on.month - sp2_deadline.month, 0)
    begun += 1 if on.day > sp2_deadline.day or begun == 0 else 0
    return (amount * rule("sanction_fine_rate", on).value * begun + _PER // 2) // _PER


@in_official_language
def ladder_letter(
    actor: Actor, step: StepKind, number_: str, payer: Payer, owed: Arrears, bills: list[Overdue], on: date,
    earlier: str, sp2_deadline: date | None,
) -> CompanyLetter:  # fmt: skip
    """The letter of a step with the bills as they are overdue on the day."""
    time = step.time(on)
    title, name = signer(actor)
    days = "hari kerja" if time.unit == "working_days" else "hari"
    facts = [
        ("Tunggakan paling lama", f"{number(owed.months)} bulan"),
        ("Klas tunggakan", CLASS_WORDS[owed.klass]),
        ("Jawaban kami tunggu", f"dalam {number(time.value)} {days} sejak surat ini dikirim"),
    ]
    basis, unverified = time.citation, time.unverified
    if step.code == "sanction" and sp2_deadline is not None:
        charged = rule("sanction_fine_rate", on)
        facts.insert(0, ("Denda administratif", format_rupiah(fine(owed.amount, sp2_deadline, on))))
        basis, unverified = f"{basis}; {charged.citation}", unverified or charged.unverified
    return CompanyLetter(
        title=step.letter, number=number_, payer=payer.name, address=payer.place.name, dated=on, opening=step.opening,
        bills=[OverdueBill(month=bill.month, number=bill.number, due_on=bill.due_on, left=bill.left) for bill in bills],
        facts=facts, asked=step.asked, consequence=step.next_words, objection=OBJECTION,
        basis=f"UU 24/2011; PP 44/2015; {basis}", unverified=unverified, signer_title=title, signer_name=name,
        earlier=earlier,
    )  # fmt: skip


@in_official_language
def finding_letter(actor: Actor, found: FindingDetail) -> CompanyLetter:
    """The question to a company about a finding: both figures, where each comes from, how to mend it or object."""
    kind, event = KINDS[found.kind], found.latest
    title, name = signer(actor)
    return CompanyLetter(
        title="Permintaan Penjelasan", number=f"TMN-{found.id:06d}", payer=found.company,
        address=found.address or found.place, dated=today(),
        opening="Catatan kami dan catatan kantor lain tentang perusahaan Bapak/Ibu tidak sama. Ini pertanyaan, bukan "
        f"tuduhan: {kind.means}",
        bills=(),
        facts=[
            (str(kind.ours), written(found.ours, kind.ours_figure or kind.figure)),
            (str(kind.theirs), written(found.theirs, kind.figure)),
            ("Asal angka pembanding", event.source),
            ("Data per", long_date(event.source_date)),
            ("Pekerja yang terkait", f"{number(found.people)} orang"),
        ],
        asked=(str(kind.way_out),), consequence="", objection=OBJECTION, basis=kind.basis, unverified=False,
        signer_title=title, signer_name=name,
    )  # fmt: skip


def written(value: int, figure: str) -> str:
    """A figure of a finding as people read it."""
    if figure == "rupiah":
        return format_rupiah(value)
    return f"{number(value)} persen" if figure == "percent" else number(value)
