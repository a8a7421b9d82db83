"""The public calculator: every path of answers ends in the law's answer, a slip is explained on its screen, and
nothing is kept of who asked what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law import LawError, risk_groups
from lindung.web.calculator import activities, typed
from lindung.web.calculator.family import remaining_of
from lindung.web.calculator.pension import career_of
from lindung.web.calculator.subjects import CALCULATORS
from lindung.web.calculator.wizard import Calculator, stand
from lindung.web.limits import LAW_CALLS
from web.test_language import INDONESIAN, words_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]
DAY = date(2026, 2, 27)
TRIED = {"upah": ["4500000"], "penghasilan": ["900000"], "umur": ["30", "58"], "bulan": ["2", "240"],
         "pekerja": ["12"], "saldo": ["150000000"], "sudah": ["60000000"], "tahun_ini": ["0"],
         "risiko": ["II.5", "5"], "sekolah1": ["sd4"], "sekolah2": ["university5"]}  # fmt: skip
BY_SLUG = {calculator.slug: calculator for calculator in CALCULATORS}
FIRM = {"pekerjaan": "PU", "upah": "4500000", "usaha": "medium", "umur": "30", "warga": "ID", "risiko": "II.5"}
ALONE = {"pekerjaan": "BPU", "penghasilan": "1000000", "bidang": "other", "pembayar": "self", "jht": "tidak"}
FAMILY = {"sebab": "keduanya", "pekerjaan": "BPU", "penghasilan": "1000000", "lancar": "active", "anak": "2",
          "sekolah1": "sd4", "sekolah2": "sma1", "bulan": "40"}  # fmt: skip


def paths(calculator: Calculator, told: dict[str, str]) -> Iterator[dict[str, str]]:
    """Every way through a calculator: all choices, and a few amounts."""
    asked = stand(calculator, told).current
    if asked is None:
        yield told
        return
    for text in TRIED.get(asked.key) or asked.options:
        yield from paths(calculator, told | {asked.key: text})


@pytest.mark.parametrize("calculator", CALCULATORS, ids=lambda item: item.slug)
def test_every_path_ends_in_an_answer_with_its_articles(calculator: Calculator) -> None:
    ways = 0
    for told in paths(calculator, {}):
        ways += 1
        outcome = calculator.work(stand(calculator, told).answers, DAY)
        assert outcome.headlines and outcome.next_steps.items and any(part.steps for part in outcome.parts)
        for part in outcome.parts:
            assert part.receipt.total is not None
            assert all(step.sentence and step.value and step.article for step in part.steps)
            lines = [line.amount for line in part.receipt.lines]
            if part.receipt.total and len(lines) > 1:
                assert sum(lines) == part.receipt.total  # type: ignore[arg-type]
    assert ways >= 3


def amounts(slug: str, told: dict[str, str], day: date = DAY) -> list[int]:
    standing = stand(BY_SLUG[slug], told)
    assert standing.current is None, standing.current
    return [headline.amount for headline in BY_SLUG[slug].work(standing.answers, day).headlines]


@pytest.mark.parametrize(
    ("slug", "told", "expected"),
    [
        # JKK 0,54 + JKM 0,30 + JHT 3,7 + JP 2 = 6,54% dari upah; pekerja 2 + 1 = 3%
        ("iuran", FIRM, [135_000, 294_300]),
        ("iuran", FIRM | {"warga": "asing"}, [90_000, 204_300]),  # tanpa JP
        ("iuran", FIRM | {"umur": "60"}, [90_000, 204_300]),  # lewat usia pensiun 59
        ("iuran", FIRM | {"usaha": "micro"}, [0, 37_800]),
        ("iuran", FIRM | {"usaha": "state", "risiko": "I.11"}, [90_000, 4_500 * 424 // 10]),  # 0,24 + 0,30 + 3,7%
        ("iuran", FIRM | {"risiko": "5"}, [135_000, 348_300]),  # JKK 1,74%
        ("iuran", ALONE, [16_800]),
        ("iuran", ALONE | {"jht": "ya"}, [36_800]),
        ("iuran", ALONE | {"bidang": "transport"}, [8_400]),  # keringanan 50%
        ("iuran", ALONE | {"bidang": "transport", "pembayar": "apbd"}, [16_800]),  # tidak bagi APBD
        ("iuran", ALONE | {"penghasilan": "0"}, [16_800]),
        ("iuran", ALONE | {"penghasilan": "1099500"}, [16_800]),  # di celah dua baris
        ("iuran", ALONE | {"penghasilan": "1100000"}, [18_800]),
        ("iuran", ALONE | {"penghasilan": "9999999999"}, [213_800]),  # baris terakhir
        ("santunan", FAMILY, [42_000_000, 70_000_000]),
        ("santunan", FAMILY | {"bulan": "2"}, [10_000_000, 70_000_000]),  # baru biaya pemakaman
        ("santunan", FAMILY | {"bulan": "3"}, [42_000_000, 70_000_000]),
        ("santunan", FAMILY | {"sebab": "work"}, [70_000_000]),
        ("santunan", FAMILY | {"sebab": "non_work", "lancar": "inactive"}, [0]),
        ("santunan", FAMILY | {"pekerjaan": "PU", "upah": "5000000"}, [42_000_000, 262_000_000]),
        ("perusahaan", {"pekerja": "12", "upah": "3500000", "usaha": "small", "risiko": "II.24"}, [2_746_800]),
        ("pensiun", {"umur": "40", "upah": "5000000", "bulan": "5 tahun"}, [1_500_000]),  # 1% x 360/12 x 5 juta
        ("pensiun", {"umur": "55", "upah": "5000000", "bulan": "60"}, [19_800_000]),  # 60 + 72 bulan x 3%
        ("jht", {"saldo": "50000000", "lama": "0"}, [50_000_000]),
        ("jht", {"saldo": "150000000", "lama": "0"}, [145_000_000]),
        ("jht", {"saldo": "150000000", "lama": "1", "sudah": "50000000"}, [142_500_000]),
        ("jht", {"saldo": "100000000", "lama": "2", "tahun_ini": "0", "npwp": "ya"}, [91_000_000]),
        ("jht", {"saldo": "100000000", "lama": "2", "tahun_ini": "0", "npwp": "tidak"}, [89_200_000]),
    ],
)
def test_what_common_cases_come_to(slug: str, told: dict[str, str], expected: list[int]) -> None:
    assert amounts(slug, told) == expected


def test_the_day_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    assert amounts("iuran", ALONE, date(2026, 3, 31)) == [16_800]
    assert amounts("iuran", ALONE, date(2026, 4, 1)) == [8_400]  # PP 50/2025 for all others from April 2026
    assert amounts("iuran", ALONE, date(2027, 1, 1)) == [16_800]


def test_the_pension_age_is_the_one_in_force_when_it_is_reached() -> None:
    assert career_of(58, 0, DAY).age == 59  # the whole of 2025 to 2027
    assert career_of(40, 0, DAY).age == 65
    assert career_of(70, 120, DAY).months == 120  # nothing more to pay


def test_a_screen_says_how_many_there_are_about() -> None:
    calculator = BY_SLUG["santunan"]
    seen = [stand(calculator, dict(list(FAMILY.items())[:end])) for end in range(len(FAMILY) + 1)]
    assert [standing.number for standing in seen] == list(range(1, len(FAMILY) + 2))
    assert [standing.about for standing in seen] == [5, 5, 6, 6, 6, 8, 8, 8, 8]
    assert stand(calculator, FAMILY | {"ubah": "pekerjaan"}).number == 2


def test_school_years_left_start_with_the_class_of_now() -> None:
    assert remaining_of("sd4") == {"remaining": {"sd": 3, "smp": 3, "sma": 3, "university": 5}}
    assert remaining_of("university5") == {"remaining": {"university": 1}}
    assert remaining_of("tk1")["remaining"]["tk"] == 2


# What people type


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1500000", 1_500_000), ("1.500.000", 1_500_000), ("Rp 2.000.000,-", 2_000_000), ("Rp1.500.000,00", 1_500_000),
        ("rp. 500.000", 500_000), ("1,500,000", 1_500_000), ("1 500 000", 1_500_000), ("1,5 juta", 1_500_000),
        ("1.5jt", 1_500_000), ("2 JUTA", 2_000_000), ("500 ribu", 500_000), ("750rb", 750_000), ("  7000 ", 7_000),
        ("1,25 miliar", 1_250_000_000), ("2.000.000,=", 2_000_000), ("0", 0),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text: str, amount: int) -> None:
    assert typed.rupiah(text, 0, 10**10) == amount


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("satu juta", "Tulis dengan angka saja, contoh 1.500.000."),
        ("-5", "Tulis dengan angka saja"),
        ("1.500 juta", "Tulis dengan angka saja"),  # 1,5 juta or 1,5 miliar
        ("1.50.000", "Tulis dengan angka saja"),
        ("1.500,000.000", "Tulis dengan angka saja"),
        ("١٥٠٠٠٠٠", "Tulis dengan angka saja"),
        ("1e9", "Tulis dengan angka saja"),
        ("0x10", "Tulis dengan angka saja"),
        ("", "Tulis dengan angka saja"),
        ("1.500.000,50", "Tulis rupiah bulat tanpa sen, contoh 1.500.000."),
        ("9" * 14, "Tulis angka dari 0 sampai 10.000.000.000."),
        ("9" * 4000, "Tulis dengan angka saja"),
        ("99999 miliar", "Tulis angka dari 0 sampai 10.000.000.000."),
    ],
)
def test_a_slip_is_explained_and_the_question_asked_again(client: Client, text: str, words: str) -> None:
    shown = page(client, "/hitung/iuran/", pekerjaan="BPU", penghasilan=text)
    assert words in shown
    assert "penghasilan rata-rata" in shown


@given(st.integers(0, 10**10), st.sampled_from([".", ",", " ", ""]), st.sampled_from(["", "Rp", "rp. ", "IDR"]))
def test_any_amount_is_read_back(amount: int, mark: str, currency: str) -> None:
    text = f"{currency}{amount:,}".replace(",", mark)
    if currency == "IDR":
        with pytest.raises(ValueError, match="contoh"):
            typed.rupiah(text, 0, 10**10)
    else:
        assert typed.rupiah(text, 0, 10**10) == amount


@pytest.mark.parametrize(
    ("text", "months"),
    [("36", 36), ("3 tahun", 36), ("2 tahun 6 bulan", 30), ("18 bulan", 18), ("1 thn", 12), ("2 years", 24)],
)
def test_months_may_be_said_in_years(text: str, months: int) -> None:
    assert typed.months(text, 1, 780) == months


@pytest.mark.parametrize("text", ["", "setahun", "3 minggu", "0", "66 tahun", "-1", "1,5 tahun"])
def test_months_that_make_no_sense_are_asked_again(text: str) -> None:
    with pytest.raises(ValueError, match="Tulis"):
        typed.months(text, 1, 780)


def test_a_number_may_carry_its_unit() -> None:
    assert typed.number("30 tahun", 15, 80, "tahun") == 30
    with pytest.raises(ValueError, match="Tulis angka dari 15 sampai 80"):
        typed.number("14", 15, 80, "tahun")


KEYS = sorted({asked.key for calculator in CALCULATORS for asked in calculator.asked} | {"ubah", "cari"})
VALUES = st.one_of(st.text(max_size=50), st.sampled_from(["PU", "BPU", "1", "medium", "II.5", "0", "sd4", "umur"]))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CALCULATORS), st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_whatever_stands_in_the_address_is_asked_or_answered(calculator: Calculator, told: dict[str, str]) -> None:
    standing = stand(calculator, told)
    if standing.current is None:
        calculator.work(standing.answers, DAY)
    else:
        assert len(standing.text) <= typed.TOO_LONG
        assert not standing.error or standing.current.key in told


# Which business


def test_every_row_of_the_law_can_be_chosen() -> None:
    rows = risk_groups()
    assert len(rows) == 191
    assert all(activities.group_of(activities.read(row["number"])) == row["group"] for row in rows)


def test_a_business_is_found_by_its_words() -> None:
    found = activities.find("perkebunan sawit")
    assert [row.number for row in found.rows] == ["II.5"] and not found.loosely
    loose = activities.find("toko baju")
    assert loose.loosely and "I.8" in {row.number for row in loose.rows}
    assert activities.find("zzz").rows == [] and activities.find("  ").rows == []
    many = activities.find("a")
    assert len(many.rows) == activities.MOST_SHOWN and many.more > 0


def test_searching_keeps_the_answers_and_offers_rows(client: Client) -> None:
    told = {key: answer for key, answer in FIRM.items() if key != "risiko"}
    shown = client.get("/hitung/iuran/", told | {"cari": "sawit"}).content.decode()
    assert 'name="risiko" value="II.5"' in shown and 'name="upah" value="4500000"' in shown
    nothing = page(client, "/hitung/iuran/", **told, cari="<b>zzz")
    assert "Tidak ditemukan" in nothing and "Pilih sendiri kelompoknya" in nothing


# Pages


def page(client: Client, address: str, **told: Any) -> str:
    response = client.get(f"{address}?{urlencode(told, doseq=True)}")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_somebody_without_an_account_works_out_a_contribution(client: Client) -> None:
    assert "Iuran saya" in page(client, "/hitung/")
    assert "bekerja untuk siapa" in page(client, "/hitung/iuran/")
    assert "penghasilan rata-rata" in page(client, "/hitung/iuran/", pekerjaan="BPU")
    answer = page(client, "/hitung/iuran/", **ALONE | {"penghasilan": "1 juta"})
    assert "Dibayar sendiri Rp16.800 sebulan" in answer
    assert "PP 44/2015 Pasal 20" in answer and "belum terverifikasi" in answer
    assert "Iuran Maret 2026 dibayar paling lambat 16 Maret 2026." in answer  # February's day has passed
    assert "0 – 1.099.000 1.000.000" in answer  # the reader's row


def test_relief_is_said_with_its_end_and_its_worth(client: Client) -> None:
    answer = page(client, "/hitung/iuran/", **ALONE | {"bidang": "transport"})
    assert "tanpa keringanan iurannya Rp16.800, jadi hemat Rp8.400. Berlaku sampai iuran Maret 2027." in answer
    assert "Ada keringanan" not in page(client, "/hitung/iuran/", **ALONE)


def test_a_family_sees_who_receives_what_to_bring_and_when(client: Client) -> None:
    answer = page(client, "/hitung/santunan/", **FAMILY)
    assert "Rp42.000.000 ditambah beasiswa anak, paling banyak Rp148.500.000" in answer
    assert "Ahli waris: janda, duda, atau anak" in answer and "Buku rekening atas nama ahli waris sendiri" in answer
    assert "paling lama 3 hari kerja" in answer and "Gratis, tidak ada potongan" in answer
    assert "JHT dibayarkan kepada ahli waris" in answer and "Janda atau duda 50%" not in answer
    employed = page(client, "/hitung/santunan/", **FAMILY | {"pekerjaan": "PU", "upah": "5000000"})
    assert "Janda atau duda 50%" in employed
    young = page(client, "/hitung/santunan/", **FAMILY | {"bulan": "35"})
    assert "iuran harus sudah dibayar 36 bulan" in young


def test_arrears_are_refused_with_article_and_way_out(client: Client) -> None:
    refused = page(client, "/hitung/santunan/", **FAMILY | {"sebab": "non_work", "lancar": "inactive"})
    assert "menunggak lebih dari 3 bulan" in refused and "PP 44/2015 Pasal 42 ayat (2)" in refused
    assert "Jalan keluar:" in refused and "Beasiswa anak" not in refused
    late = page(client, "/hitung/santunan/", **FAMILY | {"sebab": "non_work", "lancar": "grace"})
    assert "Dibayar segera Rp10.000.000. Sisanya, Rp32.000.000, setelah tunggakan iuran dilunasi." in late


def test_a_company_sees_its_due_day_and_what_lateness_costs(client: Client) -> None:
    told = {"pekerja": "12 orang", "upah": "3.500.000", "usaha": "small", "risiko": "II.24"}
    answer = page(client, "/hitung/perusahaan/", **told)
    assert "Rp2.746.800 untuk 12 pekerja, sebulan" in answer
    assert "Iuran Februari 2026 dibayar paling lambat 16 Maret 2026." in answer  # the 15th is a Sunday
    assert "dendanya Rp54.936" in answer


def kept_in(shown: str) -> dict[str, str]:
    """The answers that the form of a screen sends along."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown.split("<main")[1]))


def test_an_answer_can_be_changed_and_the_others_stay(client: Client) -> None:
    answer = client.get("/hitung/iuran/", FIRM).content.decode()
    again = re.search(r'href="(\?[^"]*ubah=usaha)"', answer)
    assert again
    asked = client.get(f"/hitung/iuran/{unescape(again[1])}").content.decode()
    assert "Seberapa besar usaha pemberi kerja?" in asked and 'aria-current="true"' in asked
    kept = kept_in(asked)
    assert kept == {key: value for key, value in FIRM.items() if key != "usaha"}
    assert amounts("iuran", kept | {"usaha": "large"}) == amounts("iuran", FIRM)
    # What no longer fits is left out; what is new is asked.
    other = stand(BY_SLUG["iuran"], FIRM | {"pekerjaan": "BPU"})
    assert other.current is not None and other.current.key == "penghasilan"
    assert other.address == "?pekerjaan=BPU"


def test_a_slip_while_changing_loses_nothing(client: Client) -> None:
    shown = client.get("/hitung/iuran/", FIRM | {"upah": "empat juta"}).content.decode()
    assert "Tulis dengan angka saja" in shown
    assert kept_in(shown) == {key: value for key, value in FIRM.items() if key != "upah"}


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ({"pekerjaan": "<script>alert(1)</script>"}, "Pilih salah satu."),
        ({"pekerjaan": ["BPU", "PU"]}, "upah sebulan"),  # the last one counts
        ({"pekerjaan": "PU", "upah": "1", "usaha": "huge"}, "Pilih salah satu."),
        (FIRM | {"umur": "999"}, "Tulis angka dari 15 sampai 80."),
        (FIRM | {"risiko": "VI.1"}, "Pilih salah satu."),
        (FIRM | {"ubah": "tidak-ada"}, "Dipotong dari upah"),
        ({"lain": "\x00\ud7ff" * 900}, "bekerja untuk siapa"),
    ],
)
def test_a_forged_address_is_asked_again(client: Client, told: dict[str, Any], asked: str) -> None:
    assert asked in page(client, "/hitung/iuran/", **told)
    assert b"<script>alert" not in client.get("/hitung/iuran/", told).content


def test_an_unknown_calculator_is_not_found(client: Client) -> None:
    assert client.get("/hitung/lain/").status_code == 404
    assert client.post("/hitung/iuran/").status_code == 405


@pytest.mark.parametrize("day", [date(2031, 1, 1), date(2015, 6, 30)])
def test_what_the_law_does_not_say_is_said_plainly(client: Client, monkeypatch: Any, day: date) -> None:
    monkeypatch.setattr("lindung.web.calculator.views.today", lambda: day)
    for slug, told in (("jht", {"saldo": "1000", "lama": "0"}), ("iuran", FIRM), ("santunan", FAMILY)):
        shown = page(client, f"/hitung/{slug}/", **told)
        assert "Belum dapat dihitung" in shown and "Lindung tidak menebak" in shown
        assert "ubah" in shown and "Salin tautan" not in shown


def test_nothing_is_kept_of_a_visitor(client: Client) -> None:
    for address in ("/hitung/", "/hitung/iuran/", f"/hitung/iuran/?{urlencode(FIRM)}", "/hitung/santunan/?sebab=x"):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        assert response.status_code == 200 and not response.cookies
        assert "private" in response["Cache-Control"] and "max-age=300" in response["Cache-Control"]
        assert "Cookie" in response["Vary"] and response["Referrer-Policy"] == "same-origin"
        assert response.headers.get("X-Robots-Tag") == ("noindex" if "?" in address else None)
        assert not [sql for sql in (query["sql"] for query in captured) if re.match("INSERT|UPDATE|DELETE", sql)]


def test_the_language_is_chosen_without_a_cookie_before(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert not strict.get("/hitung/").cookies
    chosen = strict.post("/bahasa", {"language": "en", "next": "/hitung/"})
    assert (chosen.status_code, chosen["Location"]) == (302, "/hitung/")
    assert "My contribution" in strict.get("/hitung/").content.decode()


def test_one_address_may_not_take_the_machine(client: Client) -> None:
    for _turn in range(LAW_CALLS.limit):
        LAW_CALLS.take("127.0.0.1")
    refused = client.get("/hitung/iuran/", FIRM)
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    text = unescape(refused.content.decode())
    assert "Tunggu satu menit" in text and "upah=4500000" in text
    assert "max-age" not in refused.headers.get("Cache-Control", "")
    assert client.get("/hitung/iuran/").status_code == 200  # asking needs no sums


ANSWERS = {
    "iuran": [FIRM, ALONE | {"bidang": "transport"}], "jht": [{"saldo": "150000000", "lama": "0"}],
    "santunan": [FAMILY, FAMILY | {"lancar": "inactive"}, FAMILY | {"lancar": "grace", "bulan": "2"}],
    "perusahaan": [{"pekerja": "12", "upah": "3500000", "usaha": "small", "risiko": "II.24"}],
    "pensiun": [{"umur": "40", "upah": "5000000", "bulan": "60"}, {"umur": "55", "upah": "5000000", "bulan": "60"}],
}  # fmt: skip


@pytest.mark.parametrize("slug", ANSWERS)
def test_every_screen_is_all_english(client: Client, slug: str) -> None:
    client.cookies["django_language"] = "en"
    screens = [dict(list(told.items())[:end]) for told in ANSWERS[slug] for end in range(len(told) + 1)]
    for told in [*screens, screens[-1] | {"ubah": next(iter(screens[-1]))}, {next(iter(screens[-1])): "?"}]:
        text = words_on(client.get(f"/hitung/{slug}/", told).content.decode())
        assert not [text[max(at.start() - 40, 0) : at.end() + 40] for at in INDONESIAN.finditer(text)], told


def test_an_error_of_the_law_is_the_only_one(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    def refuse(*_args: Any) -> None:
        raise LawError("impossible_value", "Tidak mungkin.", "wage")

    monkeypatch.setattr("lindung.web.calculator.shown.judge", refuse)
    assert "Tidak mungkin." in page(client, "/hitung/jht/", saldo="1000", lama="0")


def test_each_screen_has_one_heading_that_names_it(client: Client) -> None:
    for told in (dict(list(FIRM.items())[:end]) for end in range(len(FIRM) + 1)):
        shown = client.get("/hitung/iuran/", told).content.decode()
        assert shown.count("<h1") == 1
    with override("id"):
        assert "Perlu diperbaiki: " in client.get("/hitung/iuran/?pekerjaan=x").content.decode().split("</title>")[0]
