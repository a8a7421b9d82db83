"""The treasury's list of SP2D (surat perintah pencairan dana): what was paid out, to whom, from which account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lindung.formats.errors import FormatError
from lindung.formats.headers import Field, missing_columns, normalise
from lindung.formats.statements.cells import date_of, sen_of, text_of
from lindung.formats.statements.grid import read_grid
from lindung.formats.statements.model import RowError, StatementError, money

EXAMPLE = "No SP2D, Tanggal SP2D, Penerima, Uraian, Nilai"
FIELDS: tuple[Field, ...] = (
    Field("number", "No SP2D", ("no sp2d", "nomor sp2d", "sp2d", "no sp 2d"), required=True),
    Field("dated", "Tanggal SP2D", ("tanggal sp2d", "tgl sp2d", "tanggal", "tgl", "tanggal cair"), required=True),
    Field("amount", "Nilai", ("nilai", "nilai sp2d", "jumlah", "nilai bruto", "jumlah bruto", "bruto", "nominal",
          "jumlah rp", "nilai rp", "jumlah sp2d"), required=True),
    Field("payee", "Penerima", ("penerima", "nama penerima", "pihak ketiga", "nama pihak ketiga", "rekanan",
          "dibayarkan kepada")),
    Field("account_code", "Kode Rekening", ("kode rekening", "kode akun", "kode rekening belanja", "rekening belanja",
          "kode belanja")),
    Field("description", "Uraian", ("uraian", "keterangan", "keperluan", "untuk keperluan", "uraian sp2d",
          "deskripsi")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sp2d:
    """One SP2D; `amount` whole rupiah, before deductions where the list has both."""

    row_no: int
    number: str
    dated: date
    amount: int
    payee: str
    account_code: str
    description: str


def read_sp2d(content: bytes) -> tuple[Sp2d, ...]:
    """The list's rows (CSV or Excel). Raises FormatError, or StatementError naming the rows at fault.

    A row "Jumlah" is checked against the sum; a number that stands twice with other content is refused.
    """
    grid = read_grid(content, FIELDS, EXAMPLE)
    problem = missing_columns(grid.header, FIELDS, EXAMPLE)
    if problem is not None:
        raise problem
    rows = [
        (at, {name: row[place] for name, place in grid.header.columns.items()}, row)
        for at, row in enumerate(grid.rows, start=1)
        if at > grid.header.row and any(text_of(row[place]) for place in grid.header.columns.values())
    ]
    totals = [cells for _, cells, row in rows if _is_total(row)]
    listed = [(at, cells) for at, cells, row in rows if not _is_total(row) and _is_payment(cells)]
    made = _payments(listed)
    _check_totals(totals, made)
    _check_repeats(made)
    return made


def _is_total(row: Sequence[object]) -> bool:
    first = normalise(next((text_of(value) for value in row if text_of(value)), ""))
    return first.startswith(("jumlah", "total", "grand total"))


def _is_payment(cells: dict[str, object]) -> bool:
    """Not a signature below the list, nor the row (1) (2) (3) below the header."""
    numbered = all(text_of(value).strip("()").isdigit() and len(text_of(value)) <= 4 for value in cells.values())
    return not numbered and any(text_of(cells[name]) for name in ("number", "amount"))


def _payments(rows: Sequence[tuple[int, dict[str, object]]]) -> tuple[Sp2d, ...]:
    errors: list[RowError] = []
    values = [cells["amount"] for _, cells in rows]
    amounts = sen_of(values, [text_of(value) for value in values])
    made = []
    for (row_no, cells), sen in zip(rows, amounts, strict=True):
        number, dated = text_of(cells["number"]), date_of(cells["dated"])
        if not number:
            errors.append(RowError(row_no, "No SP2D", number, "Isi nomor SP2D pada setiap baris."))
        elif dated is None:
            errors.append(RowError(row_no, "Tanggal SP2D", text_of(cells["dated"]), "Contoh tanggal: 27/02/2026."))
        elif sen is None or sen <= 0 or sen % 100:
            errors.append(RowError(row_no, "Nilai", text_of(cells["amount"]), "Isi rupiah bulat, contoh 16.800.000."))
        else:
            others = (text_of(cells.get(name, "")) for name in ("payee", "account_code", "description"))
            made.append(Sp2d(row_no, number, dated, sen // 100, *others))
    if errors:
        raise StatementError(errors)
    return tuple(made)


def _check_totals(totals: Sequence[dict[str, object]], made: Sequence[Sp2d]) -> None:
    listed = sum(row.amount for row in made) * 100
    values = [cells["amount"] for cells in totals]
    for said in sen_of(values, [text_of(value) for value in values]):
        if said is not None and said != listed:
            raise FormatError(
                "jumlah_tidak_cocok",
                f"Baris Jumlah menyebut {money(said)}, sedangkan baris-barisnya {money(listed)}: "
                f"selisih {money(said - listed)}.",
                "Unduh ulang daftar SP2D; mungkin ada baris yang terhapus.",
            )


def _check_repeats(made: Sequence[Sp2d]) -> None:
    seen: dict[str, Sp2d] = {}
    for row in made:
        first = seen.setdefault(row.number, row)
        if (first.dated, first.payee) != (row.dated, row.payee):
            raise FormatError(
                "sp2d_ganda",
                f"Nomor SP2D {row.number} ada di baris {first.row_no} dan {row.row_no} dengan isi yang berbeda.",
                "Periksa nomor SP2D pada kedua baris itu.",
            )
