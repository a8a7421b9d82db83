"""What is logged tells what happened, never about whom."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from assistance.conftest import cells  # noqa: F401
from assistance.lists import workbook
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from world import PASSWORD, World, make_people, world  # noqa: F401

from lindung.core.actors import SYSTEM, acting_as
from lindung.web.logs import DiscreetJson, discreet


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, at every level, as it would be written."""
    target = io.StringIO()
    handler = logging.StreamHandler(target)
    handler.setFormatter(DiscreetJson("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield target
    root.removeHandler(handler)


@pytest.mark.django_db(transaction=True)
def test_a_failed_sign_in_an_upload_and_a_persons_page_leave_no_trace_of_anyone(
    world: World,  # noqa: F811
    log: io.StringIO,
    cells: object,  # noqa: F811
) -> None:
    from lindung.assistance.actions import create_kubu_raya_scheme
    from lindung.people.actions import register_people
    from lindung.people.models import Person

    client = Client()
    client.post("/masuk?asal=61120199", {"username": "Siti Rahmawati", "password": "6112014101900001"})
    frame = make_people(5, 3)
    with acting_as(SYSTEM):
        register_people(SYSTEM, frame)
        person = Person.objects.get(nik=frame["nik"][0])
    with acting_as(world.officer):
        create_kubu_raya_scheme(world.officer, world.agency.pk, 2026)
    client.force_login(world.user("regency_officer"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/peserta/{person.pk}?nama=Rahasia").status_code == 200
    assert client.get(f"/tidak-ada/{person.nik}?nama=Rahasia").status_code == 404
    upload = SimpleUploadedFile(f"{person.name} {person.nik}.xlsx", workbook(cells(5, seed=3)))  # type: ignore[operator]
    answer = client.post("/bantuan/usulan/unggah/", {"file": upload, "scheme": "1"}, follow=True)
    assert answer.status_code in {200, 404, 422}
    written = log.getvalue()
    assert written.count('"request"') >= 4
    niks, names = frame["nik"].to_list(), frame["name"].to_list()
    for word in ["Siti Rahmawati", "6112014101900001", "Rahasia", "nama=", "asal=", PASSWORD, *niks, *names]:
        assert word not in written, (word, written)


def test_an_error_of_the_database_is_logged_without_the_row_it_quotes(log: io.StringIO) -> None:
    try:
        raise ValueError(
            'duplicate key value violates unique constraint "nik"\n'
            "DETAIL:  Key (nik, name)=(6112014101900001, Siti) already exists.\n"
            "CONTEXT:  COPY person, line 3: Siti,6112014101900001"
        )
    except ValueError:
        logging.getLogger("lindung.test").exception("failed for %s", "6112014101900001")
    written = log.getvalue()
    assert "duplicate key" in written and "Traceback" in written
    assert "Siti" not in written and "6112014101900001" not in written


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Not Found: /peserta/6112014101900001", "Not Found: /peserta/[angka]"),
        ("GET /cari?q=Budi HTTP/1.1", "GET /cari?… HTTP/1.1"),
        ("5839 rows in 412 ms", "5839 rows in 412 ms"),
    ],
)
def test_long_numbers_and_query_strings_are_left_out(text: str, kept: str) -> None:
    assert discreet(text) == kept
