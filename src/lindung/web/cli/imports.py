"""Commands that bring in lists."""

from __future__ import annotations

from pathlib import Path

import typer

from lindung.web.runtime import runtime


def proposals(data_dir: Path | None, file: Path, username: str, scheme_id: int | None, answer: Path | None) -> None:
    """Receive and check a proposal workbook, and write the answer workbook."""
    content = file.read_bytes()
    with runtime(data_dir):
        from lindung.assistance import actions, queries
        from lindung.core.actors import acting_as
        from lindung.core.errors import InvalidInput, NotFound
        from lindung.core.files import read_file
        from lindung.web.roles import actor_for
        from lindung.web.users import user_named

        actor = actor_for(user_named(username))
        with acting_as(actor):
            scheme = scheme_id or queries.newest_scheme_id()
            if scheme is None:
                raise NotFound("no_scheme", "Belum ada program bantuan.", way_out="Buat program bantuan dahulu.")
            proposal = actions.receive_proposal(actor, scheme, file.name, content)
        with acting_as(actor):
            proposal = actions.check_proposal(actor, proposal.pk)
            if proposal.answer_file_id is None:
                raise InvalidInput("not_readable", proposal.failure or f"{file.name} tidak dapat dibaca.")
            stored, checked = read_file(proposal.answer_file_id)
        target = answer or file.with_name(stored.name)
        target.write_bytes(checked)
        typer.echo(
            f"{proposal.rows_received} baris: {proposal.rows_accepted} diterima, "
            f"{proposal.rows_to_fix} perlu diperbaiki, {proposal.rows_rejected} ditolak, "
            f"{proposal.rows_known} sudah pernah diterima.\nJawaban: {target}"
        )


def deaths(data_dir: Path | None, file: Path, username: str) -> None:
    """Match a death list with the participants."""
    content = file.read_bytes()
    with runtime(data_dir):
        from lindung.claims import actions
        from lindung.core.actors import acting_as
        from lindung.web.roles import actor_for
        from lindung.web.users import user_named

        actor = actor_for(user_named(username))
        with acting_as(actor):
            result = actions.match_death_list(actor, content)
        typer.echo(str(result))
