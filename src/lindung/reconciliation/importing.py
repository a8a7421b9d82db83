"""Statements and lists of SP2D come in: each movement once, however many files tell of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.files import digest_of, store_file
from lindung.core.log import record
from lindung.core.models import StoredFile
from lindung.core.ui.words import long_date
from lindung.formats.errors import FormatError
from lindung.formats.statements import (
    Statement as ReadStatement,
)
from lindung.formats.statements import (
    StatementError,
    StatementLine,
    read_sp2d,
    read_statements,
)
from lindung.reconciliation.matching import match_lines
from lindung.reconciliation.models import Account, Line, Sp2d, Statement
from lindung.reconciliation.suspense import follow_suspense

IMPORT = "reconciliation.import"
ADD_ACCOUNT = "reconciliation.add_account"
_ACCOUNT_LOCK = 7333
_TEXT, _REFERENCE = 1000, 80

Key = tuple[date, int, int, str, str]
"""What two movements of a day have in common when they look alike: day, rupiah, sen, reference, text."""


@dataclass(frozen=True)
class Imported:
    """One statement taken in. `matched`: how many new lines were found to be what, by how; `left`: how many money-in
    lines nobody knows yet. `repeated`: the same file had come before, and nothing was changed now."""

    statement: Statement
    repeated: bool
    matched: dict[str, int] = field(default_factory=dict)
    left: int = 0


@transaction.atomic
def add_account(actor: Actor, number: str, bank: str, holder: str) -> Account:
    """Name a bank account whose statements are taken. The same again has no effect. Raises InvalidInput, Conflict."""
    actor.require(ADD_ACCOUNT)
    plain = _plain_number(number)
    if len(plain) < 5 or not bank.strip() or not holder.strip():
        raise InvalidInput(
            "account_incomplete",
            _("Isi nomor rekening, bank, dan nama pemilik."),
            field="number",
            way_out=_("Contoh: 1001234567, Bank Kalbar, BPJS Ketenagakerjaan Cabang Pontianak."),
        )
    account, made = Account.objects.get_or_create(
        number=plain, defaults={"bank": bank.strip()[:80], "holder": holder.strip()[:120], "added_by": actor.name}
    )
    if not made and (account.bank, account.holder) != (bank.strip()[:80], holder.strip()[:120]):
        raise Conflict("account_known", _("Rekening ini sudah terdaftar dengan keterangan lain."), field="number")
    if made:
        record(actor, ADD_ACCOUNT, f"account:{account.pk}")
    return account


@transaction.atomic
def import_statement(actor: Actor, name: str, content: bytes, account_number: str = "") -> list[Imported]:
    """Take in a bank's file (MT940, CSV, Excel) and match its new lines; all of it or nothing.

    `account_number` is needed where the file names no account. The same file again changes nothing; lines that an
    earlier statement told of are not taken twice. Raises InvalidInput: not readable (with `rows`), sums that do not
    agree, an account that is not ours, days to come."""
    actor.require(IMPORT)
    statements = _read(content)
    accounts = [_account_of(statement, account_number) for statement in statements]
    _lock(accounts)
    digest = digest_of(content)
    earlier = list(Statement.objects.filter(digest=digest).order_by("part"))
    if earlier:
        return [Imported(statement, repeated=True) for statement in earlier]
    file = store_file(actor, name, content, "text/plain")
    return [
        _import_one(actor, account, statement, file, part)
        for part, (account, statement) in enumerate(zip(accounts, statements, strict=True), start=1)
    ]


@transaction.atomic
def import_sp2d(actor: Actor, content: bytes) -> tuple[int, int]:
    """Take in the treasury's list: how many orders it has, how many of them are new.

    Raises InvalidInput; Conflict when a number stands with another amount or day."""
    actor.require(IMPORT)
    try:
        listed = read_sp2d(content)
    except FormatError as error:
        raise _refused(error) from error
    orders: dict[str, Sp2d] = {}
    for row in listed:  # an order on several accounts has several rows
        order = orders.setdefault(row.number, Sp2d(number=row.number[:80], dated=row.dated, amount=0,
            payee=row.payee[:200], account_code=row.account_code[:40], description=row.description[:500],
            imported_by=actor.name))  # fmt: skip
        order.amount += row.amount
    _refuse_changed(orders)
    known = set(Sp2d.objects.filter(number__in=orders).values_list("number", flat=True))
    new = [order for number, order in orders.items() if number not in known]
    Sp2d.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        record(actor, "reconciliation.import_sp2d", f"sp2d:{len(new)}", after={"amount": sum(o.amount for o in new)})
    return len(orders), len(new)


def _refuse_changed(orders: dict[str, Sp2d]) -> None:
    for number, dated, amount in Sp2d.objects.filter(number__in=orders).values_list("number", "dated", "amount"):
        if (dated, amount) != (orders[number].dated, orders[number].amount):
            raise Conflict(
                "sp2d_differs",
                _("SP2D %(number)s sudah tercatat dengan jumlah atau tanggal lain.") % {"number": number},
                field="file",
                way_out=_("Periksa daftar dari BKAD; nomor SP2D tidak pernah dipakai dua kali."),
            )


def _read(content: bytes) -> tuple[ReadStatement, ...]:
    try:
        statements = read_statements(content)
    except FormatError as error:
        raise _refused(error) from error
    for statement in statements:
        late = max([statement.closed_on, *(line.booked_on for line in statement.lines)])
        if late > today():
            raise InvalidInput(
                "statement_in_future",
                _("Rekening koran ini memuat tanggal %(day)s yang belum tiba.") % {"day": long_date(late)},
                field="file",
                way_out=_("Unduh rekening koran sampai hari ini."),
            )
    return statements


def _refused(error: FormatError) -> InvalidInput:
    rows = [
        {"row": row.row_no, "field": row.field, "value": row.value, "way_out": row.way_out}
        for row in (error.rows if isinstance(error, StatementError) else ())
    ]
    return InvalidInput(error.code, error.message, field="file", way_out=error.way_out, rows=rows or None)


def _plain_number(number: str) -> str:
    return "".join(letter for letter in number.upper() if letter.isascii() and letter.isalnum())[:34]


def _account_of(statement: ReadStatement, named: str) -> Account:
    """The account of ours the statement is of; what the file says and what was chosen must agree."""
    said, chosen = _plain_number(statement.account), _plain_number(named)
    if said and chosen and said != chosen:
        raise InvalidInput(
            "account_differs",
            _("Berkas ini rekening koran %(said)s, bukan %(chosen)s yang dipilih.") % {"said": said, "chosen": chosen},
            field="account",
            way_out=_("Pilih rekening yang sama dengan berkasnya."),
        )
    if not said and not chosen:
        raise InvalidInput(
            "account_missing",
            _("Berkas ini tidak menyebut nomor rekening."),
            field="account",
            way_out=_("Pilih rekeningnya, lalu unggah lagi."),
        )
    account = Account.objects.filter(number=said or chosen).first()
    if account is None:
        raise InvalidInput(
            "account_unknown",
            _("Rekening %(number)s bukan rekening penampung iuran yang terdaftar.") % {"number": said or chosen},
            field="file",
            way_out=_("Unggah rekening koran milik rekening yang terdaftar, atau minta pejabat mendaftarkannya."),
        )
    return account


def _lock(accounts: Sequence[Account]) -> None:
    """Imports of one account wait for each other until the transaction ends."""
    with connection.cursor() as cursor:
        for account_id in sorted({account.pk for account in accounts}):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ACCOUNT_LOCK, account_id])


def _import_one(actor: Actor, account: Account, read: ReadStatement, file: StoredFile, part: int) -> Imported:
    new = _new_lines(account, read)
    statement = Statement.objects.create(
        account=account,
        number=read.number[:40],
        digest=file.digest,
        part=part,
        file=file,
        opened_on=min((line.booked_on for line in read.lines), default=read.opened_on),
        closed_on=max([read.closed_on, *(line.booked_on for line in read.lines)]),
        opening_sen=read.opening_sen,
        total_sen=sum(line.total_sen for line in read.lines),
        closing_sen=read.closing_sen,
        lines_read=len(read.lines),
        lines_new=len(new),
        imported_by=actor.name,
    )
    for line in new:
        line.statement = statement
    ids = [line.pk for line in Line.objects.bulk_create(new, batch_size=2_000)]
    matched = match_lines(actor, ids)
    follow_suspense(actor, ids)
    record(
        actor,
        "reconciliation.import_statement",
        f"statement:{statement.pk}",
        after={"new": len(new), "read": len(read.lines), "matched": sum(matched.values())},
    )
    incoming = sum(line.amount > 0 for line in new)
    return Imported(statement, repeated=False, matched=dict(matched), left=incoming - sum(matched.values()))


def _new_lines(account: Account, read: ReadStatement) -> list[Line]:
    """The movements no earlier statement told of.

    Of movements that look alike on a day, those known count first: a statement that overlaps an earlier one brings
    nothing twice. Only a statement that goes on from all that is known brings look-alikes as further movements."""
    known = _known(account, read)
    wanted = Counter(_key(line) for line in read.lines)
    skipped = {key: min(count, known[key]) for key, count in wanted.items()}
    if _total(Counter(skipped)) and _goes_on(account, read):
        skipped = {}
    seen: Counter[Key] = Counter()
    new = []
    for line in read.lines:
        key = _key(line)
        seen[key] += 1
        if seen[key] > skipped.get(key, 0):
            known[key] += 1
            new.append(_line(account, line, key, known[key]))
    return new


def _goes_on(account: Account, read: ReadStatement) -> bool:
    """Whether the statement begins on the last known day with the balance all known lines lead to, and not where an
    earlier statement of that day began: then it could be the same movements told again."""
    first_day = min(line.booked_on for line in read.lines)
    known = balance_of(account)
    if known is None or (first_day, read.opening_sen) != known:
        return False
    return not account.statements.filter(opened_on=first_day, opening_sen=read.opening_sen).exists()


def balance_of(account: Account) -> tuple[date, int] | None:
    """The last day lines are known of, and the balance in sen that they lead to from the first statement's opening."""
    first = account.statements.order_by("opened_on", "id").first()
    lines = account.lines.aggregate(last=Max("booked_on"), rupiah=Sum("amount"), sen=Sum("sen"))
    if first is None or lines["last"] is None:
        return None
    return lines["last"], first.opening_sen + int(lines["rupiah"]) * 100 + int(lines["sen"])


def _known(account: Account, read: ReadStatement) -> Counter[Key]:
    days = {line.booked_on for line in read.lines}
    rows = Line.objects.filter(account=account, booked_on__in=days)
    return Counter(rows.values_list("booked_on", "amount", "sen", "reference", "text"))


def _total(keys: Counter[Key]) -> int:
    return sum((amount * 100 + sen) * count for (_day, amount, sen, _reference, _text), count in keys.items())


def _key(line: StatementLine) -> Key:
    return line.booked_on, line.amount, line.sen, _plain(line.reference)[:_REFERENCE], _plain(line.text)[:_TEXT]


def _plain(text: str) -> str:
    """Without control characters, which PostgreSQL or a screen would stumble over."""
    return "".join(letter for letter in text if letter.isprintable()).strip()


def _line(account: Account, line: StatementLine, key: Key, ordinal: int) -> Line:
    booked_on, amount, sen, reference, text = key
    return Line(
        account=account,
        row_no=line.row_no,
        booked_on=booked_on,
        valued_on=line.valued_on,
        amount=amount,
        sen=sen,
        reference=reference,
        text=text,
        balance=line.balance,
        ordinal=ordinal,
    )
