"""An account's statement as a table (CSV or Excel), by its column titles, as internet banking gives it out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from lindung.formats.errors import FormatError
from lindung.formats.headers import Field, missing_columns, normalise
from lindung.formats.statements.cells import date_of, mark_of, sen_of, split_mark, text_of
from lindung.formats.statements.grid import Grid, read_grid
from lindung.formats.statements.model import (
    RowError,
    Statement,
    StatementError,
    StatementLine,
    check_sum,
    money,
    not_rupiah,
    rupiah_and_sen,
)

EXAMPLE = "Tanggal, Keterangan, Debet, Kredit, Saldo"
FIELDS: tuple[Field, ...] = (
    Field("booked_on", "Tanggal", ("tanggal", "tgl", "tanggal transaksi", "tgl transaksi", "tgl tran", "tanggal buku",
          "tanggal posting", "date", "posting date", "transaction date", "post date", "trx date"), required=True),
    Field("valued_on", "Tanggal Valuta", ("tanggal valuta", "tgl valuta", "valuta", "value date", "tanggal efektif",
          "effective date")),
    Field("text", "Keterangan", ("keterangan", "uraian", "deskripsi", "uraian transaksi", "keterangan transaksi",
          "description", "remark", "remarks", "transaksi", "details"), required=True),
    Field("reference", "No. Referensi", ("no referensi", "nomor referensi", "referensi", "no ref", "reference",
          "reference no", "ref no", "no jurnal", "nomor jurnal", "journal no", "no bukti", "no transaksi")),
    Field("debit", "Debet", ("debet", "debit", "mutasi debet", "mutasi debit", "debit amount", "keluar")),
    Field("credit", "Kredit", ("kredit", "credit", "mutasi kredit", "credit amount", "masuk")),
    Field("amount", "Jumlah", ("jumlah", "mutasi", "nominal", "amount", "nilai", "jumlah transaksi")),
    Field("mark", "D/K", ("d k", "db cr", "cr db", "d c", "c d", "dk", "db kr", "jenis", "tipe", "type", "jenis mutasi",
          "debet kredit", "debit kredit")),
    Field("balance", "Saldo", ("saldo", "balance", "saldo akhir", "running balance", "ledger balance")),
)  # fmt: skip
_FACTS = {
    "account": ("no rekening", "nomor rekening", "rekening", "account no", "account number", "no rek"),
    "opening": ("saldo awal", "opening balance", "beginning balance"),
    "closing": ("saldo akhir", "closing balance", "ending balance"),
    "period": ("periode", "period", "tanggal mutasi"),
    "currency": ("mata uang", "currency", "kode mata uang"),
}
_DAY = re.compile(r"\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4}")
_DATE_WAY_OUT = "Tulis tanggal hari/bulan/tahun, contoh 27/02/2026."
_AMOUNT_WAY_OUT = "Tulis rupiah dengan angka, contoh 1.234.567,89 atau 1,234,567.89; satu baris satu jumlah."


@dataclass(slots=True)
class _Columns:
    """The table's cells by field, and what stands around the table."""

    rows: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    totals: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)


def read_listing(content: bytes) -> Statement:
    """One account's statement. Raises FormatError or StatementError.

    Opening and closing balance come from the lines "Saldo awal" and "Saldo akhir", else from the balance
    column, which is then checked line by line; a file with neither is refused, for nothing could show
    that a line is missing. Newest-first files are turned round.
    """
    grid = read_grid(content, FIELDS, EXAMPLE)
    columns = grid.header.columns
    problem = missing_columns(grid.header, FIELDS, EXAMPLE)
    if problem is not None:
        raise problem
    if "amount" not in columns and not {"debit", "credit"} <= columns.keys():
        raise FormatError(
            "kolom_kurang",
            "Kolom jumlah tidak ada.",
            f"Perlu kolom Debet dan Kredit, atau Jumlah dan D/K, contoh judul: {EXAMPLE}.",
        )
    table = _columns(grid)
    currency = text_of(table.facts.get("currency", "IDR")).upper()
    if currency not in ("IDR", "RP", "RUPIAH", ""):
        raise not_rupiah(currency[:20])
    lines = _lines(table)
    return _statement(table, lines)


def _columns(grid: Grid) -> _Columns:
    """A row with a date is a movement; a row with none may say a balance, the account or the period."""
    found = _Columns()
    places = grid.header.columns
    for at, row in enumerate(grid.rows, start=1):
        fact = _fact(row)
        if fact is not None:
            found.facts.setdefault(*fact)
        elif at > grid.header.row and any(text_of(row[place]) for place in places.values()):
            cells = {name: row[place] for name, place in places.items()}
            (found.totals if _is_total(cells) else found.rows).append((at, cells))
    return found


def _fact(row: Sequence[object]) -> tuple[str, object] | None:
    """ "Saldo Awal : 1.000.000,00", in one cell or several."""
    filled = [value for value in row if text_of(value)]
    if not filled or date_of(filled[0]) is not None:
        return None
    for position, value in enumerate(filled):
        label, colon, rest = text_of(value).partition(":")
        for name, titles in _FACTS.items():
            if normalise(label) in titles:
                following = next((v for v in filled[position + 1 :] if text_of(v).strip(": ")), "")
                content: object = rest.strip() if rest.strip() else following
                is_title = not colon and len(filled) > 3  # the header's own row
                return None if is_title else (name, content)
    return None


def _is_total(cells: dict[str, object]) -> bool:
    first = normalise(next((text_of(value) for value in cells.values() if text_of(value)), ""))
    return first.startswith(("total", "jumlah", "mutasi"))


def _lines(table: _Columns) -> list[StatementLine]:
    errors: list[RowError] = []
    year = _year(table.facts)
    sen = _signed(table.rows, errors)
    balances = _sen_column(table.rows, "balance")
    lines = []
    for (row_no, cells), amount, balance in zip(table.rows, sen, balances, strict=True):
        booked_on = date_of(cells["booked_on"], year)
        valued = cells.get("valued_on", "")
        valued_on = date_of(valued, year) if text_of(valued) else booked_on
        if booked_on is None or valued_on is None:
            shown = cells["booked_on"] if booked_on is None else valued
            errors.append(RowError(row_no, "Tanggal", text_of(shown), _DATE_WAY_OUT))
        elif amount is not None:
            rupiah, rest = rupiah_and_sen(amount)
            after = None if balance is None else rupiah_and_sen(balance)[0]
            reference, text = text_of(cells.get("reference", "")), text_of(cells["text"])
            lines.append(StatementLine(row_no, booked_on, valued_on, rupiah, rest, reference, text, after))
    if errors:
        raise StatementError(sorted(errors, key=lambda error: error.row_no))
    return lines


def _year(facts: dict[str, object]) -> int | None:
    found = _DAY.search(text_of(facts.get("period", "")))
    first = date_of(found[0]) if found else None
    return first.year if first else None


def _sen_column(rows: Sequence[tuple[int, dict[str, object]]], name: str) -> list[int | None]:
    values = [cells.get(name, "") for _, cells in rows]
    marks = [split_mark(value) for value in values]
    amounts = sen_of(values, [text for text, _ in marks])
    return [
        -amount if amount is not None and mark == "D" else amount
        for amount, (_, mark) in zip(amounts, marks, strict=True)
    ]


def _signed(rows: Sequence[tuple[int, dict[str, object]]], errors: list[RowError]) -> list[int | None]:
    """Money in positive, money out negative; None and an error where a row does not say one amount."""
    if not rows:
        return []
    if "debit" in rows[0][1] and "credit" in rows[0][1]:
        debits, credits = _sen_column(rows, "debit"), _sen_column(rows, "credit")
        signed = [_one_of(debit, credit) for debit, credit in zip(debits, credits, strict=True)]
        wrong = [
            amount is None or not (_readable(cells["debit"], debit) and _readable(cells["credit"], credit))
            for (_, cells), amount, debit, credit in zip(rows, signed, debits, credits, strict=True)
        ]
        names = ("debit", "credit")
    else:
        signed, names = _by_mark(rows), ("amount", "mark")
        wrong = [amount is None for amount in signed]
    for (row_no, cells), is_wrong in zip(rows, wrong, strict=True):
        if is_wrong:
            shown = " / ".join(text_of(cells.get(name, "")) for name in names)
            errors.append(RowError(row_no, "Jumlah", shown, _AMOUNT_WAY_OUT))
    return [None if is_wrong else amount for amount, is_wrong in zip(signed, wrong, strict=True)]


def _readable(cell: object, amount: int | None) -> bool:
    return amount is not None or text_of(cell) in ("", "-")


def _one_of(debit: int | None, credit: int | None) -> int | None:
    """Banks write the other column as blank or zero; both filled says nothing."""
    out, into = abs(debit or 0), abs(credit or 0)
    return None if bool(out) == bool(into) else into - out


def _by_mark(rows: Sequence[tuple[int, dict[str, object]]]) -> list[int | None]:
    values = [cells["amount"] for _, cells in rows]
    split = [split_mark(value) for value in values]
    amounts = sen_of(values, [text for text, _ in split])
    signed: list[int | None] = []
    for (_, cells), amount, (_, own) in zip(rows, amounts, split, strict=True):
        mark = own or mark_of(cells.get("mark", ""))
        if not amount:
            signed.append(None)
        elif mark:
            signed.append(abs(amount) if mark == "C" else -abs(amount))
        else:  # no mark at all: only a column with signs says which way the money went
            signed.append(amount if "mark" not in cells else None)
    return signed


def _statement(table: _Columns, lines: list[StatementLine]) -> Statement:
    if len(lines) > 1 and lines[0].booked_on > lines[-1].booked_on:
        lines = lines[::-1]
    balances = dict(zip((at for at, _ in table.rows), _sen_column(table.rows, "balance"), strict=True))
    opening, closing = _fact_sen(table.facts, "opening"), _fact_sen(table.facts, "closing")
    if opening is None or closing is None:
        opening, closing = _from_balances(lines, balances, opening, closing)
    check_sum(opening, lines, closing)
    _check_totals(table, lines)
    _check_running(opening, lines, balances)
    days = [line.booked_on for line in lines] or _period(table.facts)
    return Statement(
        account="".join(letter for letter in text_of(table.facts.get("account", "")) if letter.isdigit()),
        number="",
        opened_on=min(days),
        closed_on=max(days),
        opening_sen=opening,
        closing_sen=closing,
        lines=tuple(lines),
    )


def _fact_sen(facts: dict[str, object], name: str) -> int | None:
    if name not in facts:
        return None
    text, mark = split_mark(facts[name])
    amount = sen_of([facts[name]], [text])[0]
    return -amount if amount is not None and mark == "D" else amount


def _from_balances(
    lines: Sequence[StatementLine], balances: dict[int, int | None], opening: int | None, closing: int | None
) -> tuple[int, int]:
    first = balances.get(lines[0].row_no) if lines else None
    last = balances.get(lines[-1].row_no) if lines else None
    if opening is None and first is not None:
        opening = first - lines[0].total_sen
    closing = last if closing is None else closing
    if opening is None or closing is None:
        raise FormatError(
            "tanpa_saldo",
            "Saldo awal dan saldo akhir tidak ada, jadi kelengkapan barisnya tidak dapat diperiksa.",
            "Unduh rekening koran dengan kolom Saldo, atau tambahkan baris “Saldo awal” dan “Saldo akhir”.",
        )
    return opening, closing


def _check_totals(table: _Columns, lines: Sequence[StatementLine]) -> None:
    """A row "Total" must be the sum of what stands above it, where it says one."""
    for name, sign in (("debit", -1), ("credit", 1)):
        reached = sum(line.total_sen for line in lines if line.total_sen * sign > 0)
        for said in _sen_column(table.totals, name):
            if said is not None and abs(said) != abs(reached):
                raise FormatError(
                    "jumlah_tidak_cocok",
                    f"Baris Total menyebut {money(abs(said))}, sedangkan baris-barisnya {money(abs(reached))}: "
                    f"selisih {money(abs(said) - abs(reached))}.",
                    "Unduh ulang rekening koran dari bank; mungkin ada baris yang terhapus.",
                )


def _check_running(opening: int, lines: Sequence[StatementLine], balances: dict[int, int | None]) -> None:
    reached = opening
    for line in lines:
        reached += line.total_sen
        said = balances.get(line.row_no)
        if said is not None and said != reached:
            check_sum(opening, [other for other in lines if other.row_no <= line.row_no], said)
            raise FormatError(
                "saldo_tidak_cocok",
                f"Saldo pada baris {line.row_no} tidak sama dengan saldo sebelumnya ditambah mutasinya.",
                "Unduh ulang rekening koran dari bank tanpa mengubah isinya.",
            )


def _period(facts: dict[str, object]) -> list[date]:
    """The period of a statement without movements."""
    found = [date_of(text) for text in _DAY.findall(text_of(facts.get("period", "")))]
    days = [day for day in found if day is not None]
    if not days:
        raise FormatError(
            "tanpa_baris", "Rekening koran ini tidak memuat mutasi.", "Unggah berkas yang memuat setidaknya satu baris."
        )
    return days
