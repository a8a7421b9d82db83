"""The public calculator: every path of answers ends in the law's answer, and a slip is explained on its screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils.translation import override

from lindung.web.calculator.subjects import CALCULATORS
from lindung.web.calculator.wizard import Calculator, stand

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]
TRIED = {"upah": ["4500000"], "penghasilan": ["900000"], "umur": ["30", "58"], "bulan": ["2", "240"], "pekerja": ["12"],
         "saldo": ["150000000"]}  # fmt: skip


def paths(calculator: Calculator, told: dict[str, str]) -> Iterator[dict[str, str]]:
    """Every way through a calculator: all choices, and a few amounts."""
    asked = stand(calculator, told).current
    if asked is None:
        yield told
        return
    for text in TRIED.get(asked.key) or [code for code, _words in asked.choices]:
        yield from paths(calculator, told | {asked.key: text})


@pytest.mark.parametrize("calculator", CALCULATORS, ids=lambda item: item.slug)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_path_ends_in_an_answer_with_its_articles(calculator: Calculator, language: str) -> None:
    with override(language):
        for told in paths(calculator, {}):
            parts = calculator.work(stand(calculator, told).answers, date(2026, 2, 27))
            assert parts
            for part in parts:
                assert part.receipt.total is not None and part.steps
                assert all(step.article for step in part.steps)


def page(client: Client, address: str, **told: Any) -> str:
    response = client.get(f"{address}?{urlencode(told)}")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_somebody_without_an_account_works_out_a_contribution(client: Client) -> None:
    assert "Iuran saya" in page(client, "/hitung/")
    assert "bekerja untuk siapa" in page(client, "/hitung/iuran/")
    assert "penghasilan rata-rata" in page(client, "/hitung/iuran/", pekerjaan="BPU")
    answer = page(client, "/hitung/iuran/", pekerjaan="BPU", penghasilan="Rp1.000.000", jht="tidak")
    assert "Rp16.800" in answer
    assert "PP 44/2015 Pasal 20" in answer
    assert "Rp1.000.000 ubah" in answer


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"penghasilan": "satu juta"}, "Tulis dengan angka saja, contoh 1.500.000."),
        ({"penghasilan": "-5"}, "Tulis dengan angka saja"),
        ({"penghasilan": "9" * 14}, "Tulis angka dari 0 sampai 10.000.000.000."),
        ({"penghasilan": ""}, "Tulis dengan angka saja"),
    ],
)
def test_a_slip_is_explained_and_the_question_asked_again(client: Client, told: dict[str, str], words: str) -> None:
    shown = page(client, "/hitung/iuran/", pekerjaan="BPU", **told)
    assert words in shown
    assert "penghasilan rata-rata" in shown


def test_a_forged_choice_is_asked_again(client: Client) -> None:
    assert "Pilih salah satu." in page(client, "/hitung/iuran/", pekerjaan="<script>")
    assert client.get("/hitung/lain/").status_code == 404


def test_what_the_law_does_not_say_is_said_plainly(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lindung.web.calculator.views.today", lambda: date(2031, 1, 1))
    shown = page(client, "/hitung/jht/", saldo="1000", lama="0")
    assert "Belum dapat dihitung" in shown
