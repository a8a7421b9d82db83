"""The receipt of a decision: each legal step a line, drawn from the stored judgement alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lindung.claims.judging import Judged, next_step
from lindung.core.ui.parts import Receipt, ReceiptLine
from lindung.core.ui.words import is_english, long_month, rupiah

# Rules shown, in this order, per question of the law: (rule, kind).
# condition: a yes or no that may end the claim; part: an amount of the sum; rest: what follows later.
_SHOWN = {
    "jkm": (
        ("jkm_due", "condition"),
        ("jkm_full", "wait"),
        ("jkm_death", "part"),
        ("jkm_periodic", "part"),
        ("jkm_funeral", "part"),
        ("jkm_after_arrears", "rest"),
    ),
    "jkk_death": (
        ("jkk_due", "condition"),
        ("jkk_death_by_wage", "base"),
        ("jkk_death", "part"),
        ("jkk_periodic_due", "part"),
        ("jkk_funeral_due", "part"),
        ("jkk_after_arrears", "rest"),
    ),
}


def receipt_lines(judgement: dict[str, Any], already_paid: int = 0) -> list[ReceiptLine]:
    """The lines of a stored judgement; a refusal ends at the line where it stopped. Amounts in rupiah."""
    if article := judgement.get("lapsed"):
        return [ReceiptLine(_("Klaim diajukan sesudah haknya gugur"), None, article, stop=True)]
    if "steps" not in judgement:  # brought over from elsewhere: only its amount is known
        return []
    steps = {step["rule"]: step for step in judgement["steps"]}
    lines = []
    for rule, kind in _SHOWN[judgement["rule"]]:
        if rule not in steps:
            continue
        line = _line(steps[rule], kind, judgement)
        if line is not None:
            lines.append(line)
        if line is not None and line.stop:
            break
    if already_paid:
        lines.append(ReceiptLine(_("Sudah dibayarkan lebih dulu"), -already_paid))
    return lines


def _line(step: dict[str, Any], kind: str, judgement: dict[str, Any]) -> ReceiptLine | None:
    says = step["says"]["en" if is_english() else "id"]
    value, article, confidence = step["value"], step["article"], step["confidence"]
    match kind:
        case "condition":
            refused = judgement["result"]["refusal"] is not None
            note = f"{_history(judgement)} {says}"
            return ReceiptLine(_cover(judgement, refused), None, article, confidence, note, refused, not refused)
        case "wait":
            paid = judgement["facts"].get("months_paid_consecutive")
            reason = _("Iuran berturut-turut yang sudah lunas: %(months)s bulan.") % {"months": paid}
            label = _("Masa iuran untuk JKM penuh: cukup") if value else _("Masa iuran untuk JKM penuh: belum cukup")
            amount = None if value else 0
            return ReceiptLine(label, amount, article, confidence, f"{says} {reason}", passed=bool(value))
        case "base":
            wage = rupiah(judgement["facts"].get("wage", judgement["facts"].get("income")))
            return ReceiptLine(_("Dasar upah %(wage)s") % {"wage": wage}, None, article, confidence, says)
        case "rest":
            return ReceiptLine(says, -value, article, confidence, next_step(judgement, value)) if value else None
    return ReceiptLine(says, value, article, confidence, step.get("choice") or "")


def _cover(judgement: dict[str, Any], refused: bool) -> str:
    if refused:
        return _("Iuran menunggak terlalu lama: tidak terlindungi pada hari kejadian")
    if judgement["facts"]["cover"] == "grace":
        return _("Iuran terlambat, tetapi masih dalam masa tenggang: terlindungi pada hari kejadian")
    return _("Iuran tidak menunggak: terlindungi pada hari kejadian")


def _history(judgement: dict[str, Any]) -> str:
    history = judgement.get("history") or {}
    if not history.get("paid_through"):
        return _("Tidak ada iuran yang tercatat lunas.")
    return _("Iuran lunas sampai %(month)s, dibayar oleh %(payer)s.") % {
        "month": long_month(date.fromisoformat(history["paid_through"])),
        "payer": history.get("payer") or "-",
    }


def screen_receipt(
    number: str, judgement: dict[str, Any], refusal: dict[str, Any] | None, amount: int, already_paid: int = 0
) -> Receipt:
    """The receipt as the page draws it; `amount` is what is paid now."""
    return Receipt(
        title=number,
        lines=receipt_lines(judgement, already_paid),
        total=amount,
        total_label=_("Dibayar sekarang"),
        refused=refusal is not None,
        reason=refusal["reason"] if refusal else "",
        way_out=" ".join([*refusal["way_out"], refusal["objection"]]) if refusal else "",
    )


def right_receipt(programme: str, judged: Judged) -> Receipt:
    """What the law would give, before anybody has claimed or decided."""
    title = _("%(programme)s: perkiraan") % {"programme": programme}
    receipt = screen_receipt(title, judged.judgement, judged.refusal, judged.payable_now)
    return replace(receipt, total_label=_("Perkiraan yang dibayar"))


def parts_paid(judgement: dict[str, Any], amount: int) -> Iterator[tuple[str, int]]:
    """What a payment of `amount` consists of, for the receipt that the heir signs. Falls back to one line when the
    amount is only a part of the judgement's sum."""
    parts = [(line.label, line.amount) for line in receipt_lines(judgement) if line.amount and line.amount > 0]
    if sum(part for _label, part in parts) == amount:
        yield from ((str(label), part) for label, part in parts)
    else:
        yield _("Bagian santunan yang dibayarkan sekarang"), amount
