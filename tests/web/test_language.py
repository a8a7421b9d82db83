"""English is a full second language: every text of the screens is there, fits its Indonesian original, and shows."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from datetime import date
from html import unescape
from pathlib import Path

import polib
import pytest
from django.urls import reverse
from django.utils.translation import override

import lindung
from lindung.assistance.reasons import tell
from lindung.claims.letters import heir_letter
from lindung.claims.models import InsuredEvent
from lindung.core.actors import acting_as
from lindung.core.ui import words
from web.routes import site_path
from web.small_world import ANONYMOUS, SmallWorld

SOURCE = Path(lindung.__file__).parent
CATALOGUE = "locale/en/LC_MESSAGES/django.po"
ROOMS = sorted(app.parent.name for app in SOURCE.glob("*/apps.py"))
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}|</?\w+>")
# Words that no English page needs and no name, place or document of these tests holds.
INDONESIAN = re.compile(
    r"\b(yang|dan|untuk|dengan|dari|pada|oleh|belum|sudah|adalah|tidak|iuran|orang|bulan|tagihan|perlindungan|peserta"
    r"|klaim|usulan|santunan|sampai|sejak|dibayar|terlindungi|menunggu|Cari|Simpan|Batal|Unduh|Unggah|Beranda|Keluar"
    r"|Kembali|Alasan|Keadaan|Januari|Februari|Maret|Desember)\b"
)
# Scripts, drawings, what says of itself that it is Indonesian (letters, titles of office), and the tags.
NOT_READ = re.compile(r"<(script|style|svg)\b.*?</\1>|<(\w+)[^>]*\blang=\"id\"[^>]*>.*?</\2>|<[^>]+>", re.S)


def catalogue(room: str) -> polib.POFile:
    return polib.pofile(str(SOURCE / room / CATALOGUE))


def written(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_is_translated(room: str) -> None:
    entries = catalogue(room)
    assert not [entry.msgid for entry in entries if entry.obsolete]
    assert not [entry.msgid for entry in entries if entry.fuzzy]
    assert not [entry.msgid for entry in entries if not all(written(entry))]


@pytest.mark.parametrize("room", ROOMS)
def test_placeholders_and_marks_are_the_same(room: str) -> None:
    def parts(text: str) -> list[str]:
        return sorted(PLACEHOLDER.findall(text))

    assert not [
        (entry.msgid, text) for entry in catalogue(room) for text in written(entry) if parts(text) != parts(entry.msgid)
    ]


def test_one_text_has_one_translation() -> None:
    """Django merges the rooms' catalogues, so that a second wording would depend on the order of the rooms."""
    said: dict[str, set[str]] = {}
    for room in ROOMS:
        for entry in catalogue(room):
            said.setdefault(entry.msgid, set()).add("|".join(written(entry)))
    assert not {text: wordings for text, wordings in said.items() if len(wordings) > 1}


@pytest.mark.parametrize("room", ROOMS)
def test_catalogue_is_what_the_sources_say(room: str, tmp_path: Path) -> None:
    if shutil.which("xgettext") is None:
        pytest.skip("xgettext (gettext) is not installed")
    copy = tmp_path / room
    shutil.copytree(SOURCE / room, copy, ignore=shutil.ignore_patterns("locale", "__pycache__", "*.woff2", "data"))
    (copy / CATALOGUE).parent.mkdir(parents=True)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-v", "0", "-l", "en", "--no-location", "--no-wrap"],
        cwd=copy, check=True, env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
    )  # fmt: skip
    fresh = copy / CATALOGUE
    wanted = {entry.msgid for entry in polib.pofile(str(fresh))} if fresh.exists() else set()
    kept = {entry.msgid for entry in catalogue(room)}
    assert (wanted - kept, kept - wanted) == (set(), set()), "run ./run messages and translate what is new"


def test_no_text_hides_in_a_format_string() -> None:
    """xgettext does not look into f-strings: such a text would stay Indonesian for ever."""
    hidden = []
    for path in SOURCE.rglob("*.py"):
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(text, ast.JoinedStr):
                calls = [call for call in ast.walk(text) if isinstance(call, ast.Call)]
                hidden += [f"{path}:{call.lineno}" for call in calls if getattr(call.func, "id", "") in GETTEXT]
    assert hidden == []


def in_english(small: SmallWorld, role: str, address: str) -> str:
    client = small.clients[role]
    client.cookies["django_language"] = "en"
    try:
        answer = client.get(address)
    finally:
        del client.cookies["django_language"]
    assert answer.status_code == 200
    return answer.content.decode()


PAGES = {
    "home": "regency_officer", "audit": "auditor", "audit_check": "auditor", "job": "auditor",
    "person": "branch_verifier", "contributions:participants": "regency_officer",
    "contributions:bills": "regency_officer", "contributions:bill": "regency_officer",
    "contributions:pay": "regency_officer", "contributions:alarms": "regency_officer",
    "contributions:payer": "regency_officer", "contributions:leave": "regency_officer",
    "assistance:overview": "regency_officer",
    "assistance:proposals": "regency_officer", "assistance:upload": "regency_officer",
    "assistance:proposal": "regency_officer", "assistance:decrees": "regency_officer",
    "assistance:propose": "regency_officer", "assistance:decree": "regency_approver",
    "claims:claims": "branch_verifier", "claims:claim": "branch_verifier", "claims:events": "branch_verifier",
    "claims:find_person": "branch_verifier", "claims:report": "branch_verifier",
    "claims:death_list": "regency_officer", "claims:event": "branch_verifier", "claims:file": "branch_verifier",
    "claims:payouts": "branch_approver", "claims:make_batch": "branch_verifier", "claims:batch": "branch_approver",
    "coverage:overview": "leadership", "coverage:villages": "leadership", "coverage:district": "leadership",
    "sign_in": ANONYMOUS,
}  # fmt: skip


def words_on(page: str) -> str:
    """What people read in the language of the page, without the name that the regency gave its scheme."""
    return re.sub(r"\s+", " ", unescape(NOT_READ.sub(" ", page))).replace("Bantuan iuran APBD", "")


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_english_is_all_english(small: SmallWorld, name: str) -> None:
    page = in_english(small, PAGES[name], site_path(name, small.ids))
    assert '<html lang="en"' in page
    text = words_on(page)
    assert not [text[max(found.start() - 40, 0) : found.end() + 40] for found in INDONESIAN.finditer(text)]


@pytest.mark.django_db
def test_switching_the_language_keeps_the_page(small: SmallWorld) -> None:
    client, page = small.clients["regency_officer"], reverse("assistance:decrees") + "?q=1%2FDISNAKER"
    here = client.get(page).content.decode()
    assert '<html lang="id"' in here and f'name="next" value="{page}"' in here
    answer = client.post(reverse("set_language"), {"language": "en", "next": page})
    assert (answer.status_code, answer["Location"]) == (302, page)
    there = client.get(page).content.decode()
    assert '<html lang="en"' in there and "Decrees on contribution assistance" in there
    client.post(reverse("set_language"), {"language": "id", "next": page})
    assert '<html lang="id"' in client.get(page).content.decode()


@pytest.mark.django_db
def test_refusals_speak_the_readers_language(small: SmallWorld) -> None:
    address = "/api/v1/assistance/proposals/99999999"
    program = small.programs["regency_officer"]
    said = {
        tongue: program.get(address, headers={"accept-language": tongue}).json()["error"] for tongue in ("id", "en")
    }
    assert said["id"] == {**said["en"], "message": "Usulan tidak ditemukan.", "way_out": "Buka dari daftar usulan."}
    assert said["en"]["message"] == "Proposal not found."


@pytest.mark.django_db
def test_an_unknown_page_is_refused_in_english(small: SmallWorld) -> None:
    client = small.clients["regency_officer"]
    client.cookies["django_language"] = "en"
    page = client.get("/tidak-ada").content.decode()
    del client.cookies["django_language"]
    assert '<html lang="en"' in page and "Page not found" in page


@pytest.mark.django_db
def test_a_letter_stays_indonesian_on_an_english_screen(small: SmallWorld) -> None:
    event = InsuredEvent.objects.get(pk=small.ids["event_id"])
    with acting_as(small.world.verifier) as who:
        plain = heir_letter(who, event, "Siti", "spouse").text
        with override("en"):
            assert heir_letter(who, event, "Siti", "spouse").text == plain
    assert "turut berduka" in plain and "Kartu keluarga" in plain


def test_a_kept_reason_is_said_again_in_english() -> None:
    with override("en"):
        told = tell("nik_length", "15")
    assert (told["message"], told["code"]) == ("The NIK has 15 digits.", "nik_length")


def test_figures_follow_the_language() -> None:
    day, amount = date(2026, 2, 27), 1_342_000_000
    said = {}
    for tongue in ("id", "en"):
        with override(tongue):
            said[tongue] = (words.number(5839), words.rupiah(16_800), words.rupiah_short(amount), words.long_date(day),
                            words.percent(0.214), words.days_left(1), words.days_left(-2))  # fmt: skip
    assert said["id"] == (
        "5.839", "Rp16.800", "Rp1,3 miliar", "27 Februari 2026", "21,4%", "1 hari lagi", "lewat 2 hari",
    )  # fmt: skip
    assert said["en"] == (
        "5,839", "Rp16,800", "Rp1.3 billion", "27 February 2026", "21.4%", "1 day left", "2 days late",
    )  # fmt: skip
