"""A file that cannot be used, sent in each of the three ways: the same plain words with the way out, one entry in the
action log, and nothing else changes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import pytest
import typer
from assistance.lists import GOOD, workbook
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from formats import books

from lindung.core.errors import DomainError
from lindung.core.models import ActionEntry, ActionLink, StoredFile
from lindung.web.cli import imports
from web.small_world import SmallWorld

pytestmark = pytest.mark.django_db
SHEET = "xl/worksheets/sheet1.xml"
GOOD_BOOK = books.simple()
FILES: dict[str, Callable[[], bytes]] = {
    "kosong": lambda: b"",
    "bukan_excel": lambda: b"\x89PNG isi",
    "xls_lama": lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
    "bersandi": lambda: bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
    "makro": lambda: books.repacked(GOOD_BOOK, {"xl/vbaProject.bin": b"x"}),
    "bom_zip": lambda: books.repacked(GOOD_BOOK, {SHEET: b"<worksheet>" + b" " * 12 * 2**20 + b"</worksheet>"}),
    "kolom_kurang": lambda: workbook([{"Nama": "A", "Desa": "B"}], ["Nama", "Desa"]),
    "tanpa_judul_kolom": lambda: workbook([{"Uraian": "A", "Pagu": "1"}], ["Uraian", "Pagu"]),
}
KEPT_WITH_THE_REFUSAL = {"assistance_proposal": 1, "core_storedfile": 1}  # what came, to be shown and never counted
Way = Callable[[SmallWorld, str, bytes], str]


def by_page(small: SmallWorld, role: str, content: bytes) -> str:
    given = {"scheme": small.ids["scheme_id"], "file": SimpleUploadedFile("usulan.xlsx", content)}
    return unescape(small.clients[role].post(reverse("assistance:upload"), given, follow=True).content.decode())


def by_api(small: SmallWorld, role: str, content: bytes) -> str:
    address = f"/api/v1/assistance/proposals?scheme_id={small.ids['scheme_id']}"
    file = SimpleUploadedFile("usulan.xlsx", content)
    return str(small.programs[role].post(address, {"file": file}).json())


def by_command(small: SmallWorld, role: str, content: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "usulan.xlsx"
        file.write_bytes(content)
        try:
            imports.proposals(None, file, role, small.ids["scheme_id"], None)
        except DomainError as error:  # the command's entry point prints it like this
            return f"{error} {error.way_out}"
        except typer.Exit:
            pass
    return ""


@pytest.fixture(autouse=True)
def _this_database(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def runtime(data_dir: Path | None) -> Iterator[None]:
        yield

    monkeypatch.setattr(imports, "runtime", runtime)


def rows_by_table() -> dict[str, int]:
    """How many rows each table has, the log and the bookkeeping of sessions aside."""
    aside = {ActionEntry, ActionLink, *apps.get_app_config("sessions").get_models()}
    return {model._meta.db_table: model.objects.count() for model in apps.get_models() if model not in aside}


@pytest.mark.parametrize("way", [by_page, by_api, by_command])
@pytest.mark.parametrize("code", FILES)
def test_a_faulty_file_is_explained_and_leaves_an_entry(
    small: SmallWorld, way: Way, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before, last = rows_by_table(), ActionEntry.objects.order_by("-id")[0].pk
    said = way(small, "regency_officer", FILES[code]()) + "".join(capsys.readouterr())
    entry = ActionEntry.objects.filter(pk__gt=last).get(action="refused")
    assert (entry.role, entry.after) == ("regency_officer", {"code": code})
    assert entry.reason in said and ("unggah lagi" in said or "contoh" in said)
    changed = {table: count - before[table] for table, count in rows_by_table().items() if count != before[table]}
    assert changed in ({}, KEPT_WITH_THE_REFUSAL)


@pytest.mark.parametrize("way", [by_page, by_api, by_command])
def test_the_wrong_role_is_refused_and_leaves_an_entry(small: SmallWorld, way: Way) -> None:
    before = rows_by_table()
    said = way(small, "auditor", workbook([GOOD]))
    entry = ActionEntry.objects.order_by("-id")[0]
    assert (entry.action, entry.role, entry.after) == ("refused", "auditor", {"code": "not_allowed"})
    assert entry.subject in {"assistance:upload", "POST api/v1/assistance/proposals", "import proposals"}
    assert "Peran Anda tidak mencakup tindakan ini." in said
    assert rows_by_table() == before


@pytest.mark.parametrize("way", [by_page, by_api, by_command])
def test_the_same_file_again_leaves_an_entry_and_nothing_else(
    small: SmallWorld, way: Way, capsys: pytest.CaptureFixture[str]
) -> None:
    content = workbook([GOOD])
    way(small, "regency_officer", content)
    before, files = rows_by_table(), StoredFile.objects.count()
    said = way(small, "regency_officer", content) + capsys.readouterr().out
    entry = ActionEntry.objects.order_by("-id")[0]
    assert (entry.action, entry.role) == ("assistance.repeat_proposal", "regency_officer")
    assert "sudah dikirim sebelumnya" in said or "'repeated': True" in said
    assert rows_by_table() == before and StoredFile.objects.count() == files
