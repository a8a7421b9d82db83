"""Printed documents say what was decided, hide what must be hidden, and never obey the data they print."""

import io
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import openpyxl
import pypdf
import pytest
from formats import samples

from lindung.formats import documents
from lindung.formats.words import in_words, mask_account, mask_nik, rupiah


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


LETTERS: dict[str, Callable[[], bytes]] = {
    "receipt": lambda: documents.receipt_pdf(samples.receipt()),
    "refusal": lambda: documents.receipt_pdf(samples.receipt(refused=True)),
    "payment": lambda: documents.payment_receipt_pdf(samples.payment()),
    "notice": lambda: documents.heir_notice_pdf(samples.notice()),
    "sheet": lambda: documents.participant_sheet_pdf(samples.participant()),
}


@pytest.mark.parametrize("name", LETTERS)
def test_letters_to_people_fit_one_a4_page_are_readable_aloud_and_promise_no_deductions(name: str) -> None:
    pdf = LETTERS[name]()
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    assert round(float(reader.pages[0].mediabox.width)) == 595
    assert reader.trailer["/Root"]["/Lang"] == "id"
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data()
    text = text_of(pdf)
    assert "Gratis, tidak ada potongan" in text
    assert "Halaman 1 dari 1" in text
    assert "6112034107850001" not in text
    assert pdf == LETTERS[name]()


def test_receipt_shows_every_step_with_article_and_total() -> None:
    text = text_of(LETTERS["receipt"]())
    for line in samples.receipt().lines:
        assert line.label in text
        assert line.article in text
    assert "Rp42.000.000" in text
    assert "empat puluh dua juta rupiah" in text
    assert "6112********0001" in text


def test_refusal_is_a_receipt_too() -> None:
    text = text_of(LETTERS["refusal"]())
    refusal = samples.receipt(refused=True).refusal
    assert refusal is not None
    for words in ("Berhenti di sini", "Pasal 42 ayat (2)", "Rp0", refusal.reason, *refusal.way_out, refusal.objection):
        assert words in text


def test_a_full_letter_and_a_long_membership_still_fit_one_page() -> None:
    short = samples.notice()
    letter = replace(
        short,
        condition="Iuran Desember 2025 sebesar Rp16.800 belum dibayar. Biaya pemakaman dibayar sekarang; selebihnya "
        "setelah tunggakan dilunasi.",
        deadline=date(2031, 1, 3),
        deadline_article="PP 82/2019 Pasal 26",
        documents=(*short.documents, "Akta kelahiran anak", "Surat keterangan sekolah", "Rapor terakhir"),
        places=(*short.places, *short.places),
    )
    sheet = replace(samples.participant(), months=[*samples.participant().months] * 4, name="Nama " * 12)
    for pdf in (documents.heir_notice_pdf(letter), documents.participant_sheet_pdf(sheet)):
        assert "Halaman 1 dari 1" in text_of(pdf)
    assert "36 dari 48 bulan" in text_of(documents.participant_sheet_pdf(sheet))


def test_payment_receipt_masks_the_account() -> None:
    text = text_of(LETTERS["payment"]())
    assert "1234567890" not in text
    assert "******7890" in text
    assert "DITERIMA UTUH" in text


def test_decree_names_everyone_with_totals_and_fingerprint() -> None:
    people = samples.recipients(130)
    pdf = documents.decree_pdf(samples.decree(), people)
    text = text_of(pdf)
    assert all(f" {person.name} " in text for person in people)
    assert not any(person.nik in text for person in people)
    assert "Rp21.840.000" in text
    assert "1.300" in text
    assert "dua puluh satu juta delapan ratus empat puluh ribu rupiah" in text
    assert samples.decree().content_hash[:32] in text
    assert "RANCANGAN" not in text
    assert "RANCANGAN" in text_of(documents.decree_pdf(samples.decree(draft=True), people[:1]))
    assert b"pdfaid:part>2" in pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Metadata"].get_data()


def test_decree_workbook_holds_the_same_people_with_masked_nik() -> None:
    people = samples.recipients(5)
    sheet = openpyxl.load_workbook(io.BytesIO(documents.decree_xlsx(samples.decree(), people))).active
    rows = list(sheet.iter_rows(min_row=7, values_only=True))
    assert [row[1] for row in rows] == [person.name for person in people]
    assert all(row[2] == mask_nik(person.nik) for row, person in zip(rows, people, strict=True))


@pytest.mark.slow
def test_decree_of_five_thousand_takes_seconds() -> None:
    start = time.monotonic()
    pdf = documents.decree_pdf(samples.decree(), samples.recipients(5_000))
    assert time.monotonic() - start < 15
    assert len(pdf) < 2_000_000


@pytest.mark.parametrize(
    "name",
    [
        "#panic(1) *tebal* $x$ @a <b> \\",
        '"); #read("/etc/passwd")',
        "李小龍",
        "a\u202eb\u200b",
        "Ḥasan Ēdī",
        "\x00\ud800",
    ],
)
def test_names_are_printed_and_never_obeyed(name: str) -> None:
    text = text_of(documents.receipt_pdf(replace(samples.receipt(), person_name=name)))
    if name.isascii() and "#" in name:
        assert "".join(name.split()) in "".join(text.split())


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (1_100, "seribu seratus"),
        (115_000, "seratus lima belas ribu"),
        (1_000_000, "satu juta"),
        (42_000_000, "empat puluh dua juta"),
        (2_021_000_019, "dua miliar dua puluh satu juta sembilan belas"),
    ],
)
def test_amounts_in_words(value: int, words: str) -> None:
    assert in_words(value) == words


def test_amounts_and_masks() -> None:
    assert rupiah(16_800) == "Rp16.800"
    assert mask_nik("611203") == "******"
    assert mask_account("123") == "123"
