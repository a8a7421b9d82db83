"""SWIFT MT940 as Indonesian banks send it: with or without the blocks around it, on one page or several."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from lindung.formats.errors import FormatError
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

MAX_BYTES = 50 * 1024 * 1024
WRAP = 65  # a line of :86: this long goes on without a space in the next
_TAG = re.compile(r"^:(\d{2}[A-Z]?):(.*)$")
_HEAD = re.compile(rb"(?:^|\n|\})\s*:20:")
_BALANCE = re.compile(r"^([CD])(\d{6})([A-Z]{3})(\d{1,15})(?:[,.](\d{0,2}))?$")
# value date, entry date, mark (RC and RD are reversals), third letter of the currency, amount, type, references
_LINE = re.compile(
    r"^(\d{6})(\d{4})?(RC|RD|C|D)([A-Z])?(\d{1,15})(?:[,.](\d{0,2}))?([NFS][A-Z0-9]{3})(.*?)(?://(.*))?$"
)
_SUBFIELD = re.compile(r"\?\d{2}")
_NO_REFERENCE = {"", "NONREF", "NOREF"}
_MIDDLE_OF_YEAR = 6
_LINE_WAY_OUT = "Contoh isi yang benar: 2602270227C16800,NTRF000123//BKL123. Unduh ulang berkas dari bank."


@dataclass(slots=True)
class _Movement:
    row_no: int
    content: str
    supplement: list[str]
    details: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Page:
    """One message: from :20: to :62F: (or :62M:, when the statement goes on in the next)."""

    account: str = ""
    number: str = ""
    opening: str = ""
    continues: bool = False
    closing: str = ""
    unfinished: bool = False
    movements: list[_Movement] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Balance:
    on: date
    sen: int


def looks_like_mt940(content: bytes) -> bool:
    """Whether the file begins like a SWIFT message."""
    return _HEAD.search(content[:4096]) is not None


def read_mt940(content: bytes) -> tuple[Statement, ...]:
    """Every statement of the file, pages of one statement joined.

    Raises FormatError (`kosong`, `terlalu_besar`, `mt940_tidak_lengkap`, `mt940_saldo`, `bukan_rupiah`,
    `halaman_hilang`, `saldo_tidak_cocok`) or StatementError with the rows that cannot be read.
    """
    if len(content) > MAX_BYTES:
        raise FormatError(
            "terlalu_besar", "Berkas rekening koran lebih dari 50 MB.", "Bagi menurut tanggal, misalnya per minggu."
        )
    errors: list[RowError] = []
    statements: list[Statement] = []
    started: list[_Page] = []
    for page in _pages(content):
        if page.continues != bool(started) or (started and page.account != started[0].account):
            raise _page_missing(page)
        started.append(page)
        if not page.unfinished:
            statements.append(_statement(started, errors))
            started = []
    if started:
        raise _page_missing(started[-1])
    if errors:
        raise StatementError(errors)
    if not statements:
        raise _incomplete(":20:")
    for statement in statements:
        check_sum(statement.opening_sen, statement.lines, statement.closing_sen)
    return tuple(statements)


def _fields(content: bytes) -> Iterator[tuple[int, str, list[str]]]:
    """(row, tag, its lines). Block marks {1:..} and the closing - are no fields."""
    tag, start, lines = "", 0, list[str]()
    for row, raw in enumerate(_text(content).splitlines(), start=1):
        line = re.sub(r"^(?:\{[^{}]*\})*\{4:", "", raw).rstrip("\r")
        found = _TAG.match(line.lstrip())
        if found or line.strip() in ("-", "-}", "-}{5:}") or line.startswith(("{1:", "-}{")):
            if tag:
                yield start, tag, lines
            tag, start, lines = (found[1], row, [found[2]]) if found else ("", row, [])
        elif tag:
            lines.append(line)
    if tag:
        yield start, tag, lines


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _pages(content: bytes) -> Iterator[_Page]:
    page: _Page | None = None
    for row, tag, lines in _fields(content):
        if tag == "20":
            if page is not None:
                yield _whole(page)
            page = _Page()
        if page is None:
            continue
        first = lines[0].strip()
        if tag == "25":
            page.account = _account(first)
        elif tag in ("28C", "28"):
            page.number = first.partition("/")[0].lstrip("0") or "0"
        elif tag in ("60F", "60M"):
            page.opening, page.continues = first, tag == "60M"
        elif tag == "61":
            page.movements.append(_Movement(row, first, [line.strip() for line in lines[1:] if line.strip()]))
        elif tag == "86" and page.movements and not page.closing:
            page.movements[-1].details.append(_joined(lines))
        elif tag in ("62F", "62M"):
            page.closing, page.unfinished = first, tag == "62M"
    if page is not None:
        yield _whole(page)


def _account(text: str) -> str:
    """The account number without bank code before a slash and currency after it."""
    return re.sub(r"[A-Z]{3}$", "", text.rpartition("/")[2].replace(" ", "").replace("-", "").replace(".", ""))


def _whole(page: _Page) -> _Page:
    for tag, value in ((":25:", page.account), (":60F:", page.opening), (":62F:", page.closing)):
        if not value:
            raise _incomplete(tag)
    return page


def _incomplete(tag: str) -> FormatError:
    return FormatError(
        "mt940_tidak_lengkap",
        f"Bagian {tag} tidak ada, jadi rekening koran ini tidak lengkap.",
        "Unduh ulang berkas MT940 dari bank; berkas yang utuh memuat :20:, :25:, :60F:, :61: dan :62F:.",
    )


def _page_missing(page: _Page) -> FormatError:
    return FormatError(
        "halaman_hilang",
        f"Rekening koran nomor {page.number} tidak utuh: ada halaman yang hilang atau tertukar urutannya.",
        "Unggah berkas yang memuat semua halaman, dari :60F: sampai :62F:.",
    )


def _joined(lines: Sequence[str]) -> str:
    """The lines of :86: as one text; a line cut at 65 characters goes on in the next without a space."""
    text = ""
    for line in lines:
        text += line if len(line) >= WRAP else f"{line}\n"
    return " ".join(_SUBFIELD.sub(" ", text).split())


def _statement(pages: Sequence[_Page], errors: list[RowError]) -> Statement:
    balances = [(_balance(page.opening), _balance(page.closing)) for page in pages]
    for (_, before), (after, _) in pairwise(balances):
        if before.sen != after.sen:
            raise FormatError(
                "saldo_tidak_cocok",
                f"Saldo akhir satu halaman {money(before.sen)}, saldo awal halaman berikutnya {money(after.sen)}: "
                f"selisih {money(after.sen - before.sen)}.",
                "Unggah berkas yang memuat semua halaman dengan urutannya.",
            )
    lines: list[StatementLine] = []
    for page in pages:
        for movement in page.movements:
            line = _line(movement)
            if line is None:
                errors.append(RowError(movement.row_no, ":61:", movement.content, _LINE_WAY_OUT))
            else:
                lines.append(line)
    (opening, _), (_, closing) = balances[0], balances[-1]
    return Statement(pages[0].account, pages[0].number, opening.on, closing.on, opening.sen, closing.sen, tuple(lines))


def _balance(text: str) -> _Balance:
    found = _BALANCE.match(text)
    on = _date(found[2]) if found else None
    if found is None or on is None:
        raise FormatError(
            "mt940_saldo",
            f"Saldo “{text[:40]}” tidak dapat dibaca.",
            "Contoh yang benar: C260227IDR1234567,89. Unduh ulang berkas dari bank.",
        )
    if found[3] != "IDR":
        raise not_rupiah(found[3])
    sen = _sen(found[4], found[5])
    return _Balance(on, -sen if found[1] == "D" else sen)


def _sen(whole: str, decimals: str | None) -> int:
    return int(whole) * 100 + int((decimals or "").ljust(2, "0"))


def _date(text: str) -> date | None:
    """YYMMDD, in this century."""
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None


def _entry_date(valued_on: date, month_and_day: str | None) -> date | None:
    """MMDD in the year nearest to the value date: an entry of 2 January may be valued 31 December."""
    if not month_and_day:
        return valued_on
    month = int(month_and_day[:2])
    year = valued_on.year
    if abs(month - valued_on.month) > _MIDDLE_OF_YEAR:
        year += 1 if month < valued_on.month else -1
    return _date(f"{year % 100:02d}{month_and_day}")


def _line(movement: _Movement) -> StatementLine | None:
    found = _LINE.match(movement.content)
    valued_on = _date(found[1]) if found else None
    booked_on = _entry_date(valued_on, found[2]) if found and valued_on else None
    if found is None or valued_on is None or booked_on is None:
        return None
    sen = _sen(found[5], found[6])
    amount, rest = rupiah_and_sen(sen if found[3] in ("C", "RD") else -sen)
    ours, bank = found[8].strip(), (found[9] or "").strip()
    references = [reference for reference in (bank, ours) if reference.upper() not in _NO_REFERENCE]
    text = " ".join([*movement.details, *movement.supplement, *references[1:]])
    return StatementLine(movement.row_no, booked_on, valued_on, amount, rest, references[0] if references else "", text)
