"""Lists of companies come in: read, checked row by row, kept with their faults."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db import connection, transaction
from django.utils.translation import gettext as _

from lindung.compliance.models import CompanyList
from lindung.compliance.naming import company_keys
from lindung.core.actors import Actor
from lindung.core.bulk import loaded
from lindung.core.clock import installation, today
from lindung.core.errors import InvalidInput
from lindung.core.files import CSV, XLSX, digest_of, store_file
from lindung.core.log import record
from lindung.core.ui.words import long_date
from lindung.formats.company_lists import CompanySheet, read_companies
from lindung.formats.errors import FormatError
from lindung.places.queries import join_villages, village_index

IMPORT = "compliance.import"
UNUSABLE = ("name_missing", "nib_repeated", "row_repeated")  # such a line is kept and shown, not compared
_LOCK_LISTS = 7320
_LINES = {
    "row": "integer", "name": "text", "name_key": "text", "nib": "text", "npwp": "text", "npp": "text",
    "place_id": "bigint", "place_text": "text", "address": "text", "contact": "text", "phone": "text",
    "email": "text", "kbli": "text", "size": "text", "workers": "bigint", "wage_average": "bigint", "faults": "text",
    "usable": "boolean", "written": "text",
}  # fmt: skip
_WIDTHS = {
    "name": 200, "name_key": 200, "npp": 20, "place_text": 200, "address": 300, "contact": 150, "phone": 60,
    "email": 150, "kbli": 20,
}  # fmt: skip


@transaction.atomic
def receive_list(actor: Actor, kind: str, source: str, as_of: date, file_name: str, content: bytes) -> CompanyList:
    """Take in a list of companies (.xlsx or .csv) as the newest version of its kind; every line is kept, with faults.

    The same file of a kind a second time changes nothing: the earlier list comes back with `repeated` set. Raises
    NotAllowed, InvalidInput (kind, source, day, a file without such a list)."""
    actor.require(IMPORT)
    source = " ".join(source.replace("\x00", "").split())[:150]
    _check(kind, source, as_of)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 2)", [_LOCK_LISTS])
    file_digest = digest_of(content)
    earlier = CompanyList.objects.filter(kind=kind, file_digest=file_digest).first()
    if earlier is not None:
        earlier.repeated = True
        return earlier
    try:
        sheet = read_companies(content)
    except FormatError as error:
        raise InvalidInput(error.code, error.message, field="file", way_out=error.way_out) from error
    made = _keep(actor, kind, source, as_of, file_name, content, file_digest, sheet)
    record(
        actor, "compliance.receive_list", f"list:{made.pk}", source,
        after={"kind": kind, "version": made.version, "companies": made.companies, "faulty": made.faulty},
    )  # fmt: skip
    return made


def _check(kind: str, source: str, as_of: date) -> None:
    if kind not in CompanyList.Kind.values:
        raise InvalidInput("list_kind", _("Pilih jenis daftar: WLKP, NIB, atau daftar lain."), field="kind")
    if len(source) < 3:
        raise InvalidInput(
            "source_missing",
            _("Asal daftar belum diisi."),
            field="source",
            way_out=_("Contoh: Dinas Tenaga Kerja Kabupaten Kubu Raya."),
        )
    if as_of > today():
        raise InvalidInput(
            "as_of_future",
            _("Tanggal data tidak boleh sesudah hari ini, %(day)s.") % {"day": long_date(today())},
            field="as_of",
        )


def _keep(
    actor: Actor, kind: str, source: str, as_of: date, file_name: str, content: bytes, file_digest: str,
    sheet: CompanySheet,
) -> CompanyList:  # fmt: skip
    served = installation()
    area = served.place_key if served else 0
    lines = _lines(sheet, area)
    newest = CompanyList.objects.filter(kind=kind).order_by("-version").values_list("version", flat=True).first()
    made = CompanyList.objects.create(
        kind=kind, version=(newest or 0) + 1, source=source, as_of=as_of, place_id=area,
        file=store_file(actor, file_name, content, XLSX if content[:2] == b"PK" else CSV), file_digest=file_digest,
        file_name=file_name[:200], columns=sheet.columns, header_row=sheet.header_row,
        unknown_titles=[title[:200] for title in sheet.unknown_titles], companies=lines.height,
        faulty=lines.filter(pl.col("faults") != "{}").height, left_out=sheet.left_out, received_by_id=actor.user_id,
    )  # fmt: skip
    with loaded(lines, "new_lines", _LINES) as cursor:
        cursor.execute(
            """
            INSERT INTO compliance_listedcompany (company_list_id, row_no, name, name_key, nib, npwp, npp, place_id,
                   place_text, address, contact, phone, email, kbli, size, workers, wage_average, faults, usable,
                   written)
            SELECT %s, row, name, name_key, nib, npwp, npp, place_id, place_text, address, contact, phone, email, kbli,
                   size, workers, wage_average, faults::varchar[], usable, written::jsonb FROM new_lines
            """,
            [made.pk],
        )
    return made


def _lines(sheet: CompanySheet, area: int) -> pl.DataFrame:
    """The lines as the table takes them: texts never null and never too long, the village recognised if it can be."""
    frame = join_villages(sheet.frame, village_index(area))
    place = pl.concat_str(["village", "district"], separator=", ", ignore_nulls=True)
    texts = ("name", "nib", "npwp", "npp", "address", "contact", "phone", "email", "kbli", "size")
    frame = frame.with_columns(
        *(pl.col(name).fill_null("").str.replace_all("\x00", "") for name in texts),
        company_keys(frame["name"]).alias("name_key"),
        place.fill_null("").alias("place_text"),
        pl.col("village_key").fill_null(area).alias("place_id"),
        (pl.col("faults").list.set_intersection(list(UNUSABLE)).list.len() == 0).alias("usable"),
        (pl.lit("{") + pl.col("faults").list.join(",") + pl.lit("}")).alias("faults"),
        pl.col("written").struct.json_encode(),
    )
    return frame.with_columns(pl.col(name).str.slice(0, width) for name, width in _WIDTHS.items()).select(*_LINES)
