"""Letters to companies: the ladder from reminder to power of attorney (SKK), and the question about a finding.

The content is frozen first (`as_content`, `digest`), and the letter is set from exactly that."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from lindung.formats.documents import Issuer
from lindung.formats.typeset import typeset
from lindung.formats.words import in_words, long_date, month_name, rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueBill:
    """A bill that is overdue and the rupiah it still asks."""

    month: date
    number: str
    due_on: date
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyLetter:
    """A letter to a company, ready to be set. `facts` are (label, value); `basis` names the law, `unverified` whether a
    figure of it has not been read in the regulation; `earlier` is the letter this one follows."""

    title: str
    number: str
    payer: str
    address: str
    dated: date
    opening: str
    bills: Sequence[OverdueBill]
    facts: Sequence[tuple[str, str]]
    asked: Sequence[str]
    consequence: str
    objection: str
    basis: str
    unverified: bool
    signer_title: str
    signer_name: str
    earlier: str = ""

    @property
    def total(self) -> int:
        """What the bills still ask, in rupiah."""
        return sum(bill.left for bill in self.bills)


def as_content(letter: CompanyLetter) -> dict[str, object]:
    """The letter as plain values, to be kept and hashed."""
    content: dict[str, object] = json.loads(json.dumps(asdict(letter), default=str))
    return content


def digest(content: Mapping[str, object]) -> str:
    """SHA-256 (hex) of a letter's content, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def company_letter_pdf(letter: CompanyLetter, issuer: Issuer) -> bytes:
    """The letter, PDF/UA-1; the same letter gives the same bytes."""
    in_full = f"{rupiah(letter.total)} ({in_words(letter.total)} rupiah)"
    total = [("Jumlah belum dibayar", in_full)] if letter.bills else []
    data = issuer.common() | {
        "title": letter.title,
        "number": letter.number,
        "earlier": letter.earlier,
        "payer": letter.payer,
        "address": letter.address,
        "place_date": f"{issuer.place}, {long_date(letter.dated)}",
        "opening": letter.opening,
        "bills_title": "Iuran yang belum dibayar",
        "bills": [
            [month_name(bill.month), bill.number, long_date(bill.due_on), rupiah(bill.left)] for bill in letter.bills
        ],
        "facts": [list(fact) for fact in (*total, *letter.facts)],
        "asked": list(letter.asked),
        "consequence": letter.consequence,
        "objection": letter.objection,
        "basis": letter.basis,
        "unverified": letter.unverified,
        "digest": digest(as_content(letter)),
        "signer_title": letter.signer_title,
        "signer_name": letter.signer_name,
    }
    return typeset("compliance", data, made_at=issuer.made_at)
