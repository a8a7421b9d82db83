"""Commands that bring in lists: the same acts as on the pages, under the same rules and with the same traces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from lindung.web.runtime import runtime

if TYPE_CHECKING:  # models can be imported only once Django is set up
    from lindung.core.actors import Actor


@contextmanager
def _on_behalf_of(data_dir: Path | None, username: str, act: str) -> Iterator[Actor]:
    """Run the block as the user. What a rule refuses leaves its trace in the action log, as on the site."""
    with runtime(data_dir):
        from lindung.core.actors import acting_as
        from lindung.core.errors import DomainError
        from lindung.core.log import record_refusal
        from lindung.web.roles import actor_for
        from lindung.web.users import user_named

        actor = actor_for(user_named(username))
        try:
            yield actor
        except DomainError as error:
            with acting_as(actor):
                record_refusal(actor, act, error)
            raise


def proposals(data_dir: Path | None, file: Path, username: str, scheme_id: int | None, answer: Path | None) -> None:
    """Receive and check a proposal workbook, and write the answer workbook."""
    content = file.read_bytes()
    with _on_behalf_of(data_dir, username, "import proposals") as actor:
        from lindung.assistance import actions, queries
        from lindung.core.actors import acting_as
        from lindung.core.errors import NotFound
        from lindung.core.files import read_file

        with acting_as(actor):
            scheme = scheme_id or queries.newest_scheme_id()
            if scheme is None:
                raise NotFound("no_scheme", "Belum ada program bantuan.", way_out="Buat program bantuan dahulu.")
            proposal = actions.receive_proposal(actor, scheme, file.name, content)
        if proposal.repeated:
            typer.echo("Berkas yang sama persis sudah dikirim sebelumnya. Tidak ada yang berubah; ini hasilnya.")
        with acting_as(actor):
            proposal = actions.check_proposal(actor, proposal.pk)
        if proposal.state == proposal.State.FAILED:
            typer.echo(f"lindung: {proposal.failure}", err=True)
            raise typer.Exit(1)
        typer.echo(
            f"{proposal.rows_received} baris: {proposal.rows_accepted} diterima, "
            f"{proposal.rows_to_fix} perlu diperbaiki, {proposal.rows_rejected} ditolak, "
            f"{proposal.rows_known} sudah pernah diterima."
        )
        if proposal.answer_file_id is None:
            typer.echo(proposal.failure)
            return
        with acting_as(actor):
            stored, checked = read_file(proposal.answer_file_id)
        target = answer or file.with_name(stored.name)
        target.write_bytes(checked)
        typer.echo(f"Jawaban: {target}")


def deaths(data_dir: Path | None, file: Path, username: str) -> None:
    """Match a death list with the participants."""
    content = file.read_bytes()
    with _on_behalf_of(data_dir, username, "import deaths") as actor:
        from lindung.claims import actions
        from lindung.core.actors import acting_as

        with acting_as(actor):
            result = actions.match_death_list(actor, content, file.name)
    typer.echo(
        f"{result.received} baris: {result.matched} cocok dengan penduduk terdaftar, "
        f"{len(result.events)} laporan kematian baru dengan perlindungan, "
        f"{result.told} surat pemberitahuan dibuat, {result.known} sudah pernah diterima."
    )
    for problem in result.problems:
        typer.echo(f"Perlu diperbaiki: {problem}")
