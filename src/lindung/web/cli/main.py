"""The commands, by what a newcomer looks for first."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from lindung.core.postgres import PostgresError
from lindung.web.cli.law import law

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Lindung runs employment social security (jaminan sosial ketenagakerjaan) for an Indonesian regency.\n\n"
    "Start with [bold]lindung demo[/bold]: it lives one regency's month on a database of its own and then "
    "serves the site.",
)
imports = typer.Typer(
    no_args_is_help=True, help="Bring in a list: proposals of an office, or the civil registry's deaths."
)
audit = typer.Typer(no_args_is_help=True, help="The action log and its hash chain.")
users = typer.Typer(no_args_is_help=True, help="People who sign in.")
app.add_typer(imports, name="import")
app.add_typer(audit, name="audit")
app.add_typer(law, name="law")
app.add_typer(users, name="user")
banks = typer.Typer(no_args_is_help=True, help="Banks that collect for us.")
app.add_typer(banks, name="bank")

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        show_default=False,
        help="Where the embedded database and the keys live. When not given: LINDUNG_DATA_DIR, "
        "else lindung/data below ~/.local/share (lindung/demo for the demonstration).",
    ),
]
AsUser = Annotated[str, typer.Option("--as", help="User name on whose behalf this is done.")]


@app.command()
def demo(
    data_dir: DataDir = None,
    serve: Annotated[bool, typer.Option(help="Serve the site afterwards.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON object.")] = False,
    port: Annotated[int, typer.Option(help="Port of the site.")] = 8000,
) -> None:
    """Live one regency's month, from a list of people to a claim paid; then serve the site."""
    from lindung.web.cli.demo import run_demo

    run_demo(data_dir, serve=serve, as_json=as_json, port=port)


@app.command()
def serve(
    data_dir: DataDir = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer requests.")] = 2,
) -> None:
    """Serve the site, the API and the background jobs. Migrates first; stops gracefully on Ctrl-C or SIGTERM."""
    from lindung.web.runtime import runtime
    from lindung.web.server import serve_until_stopped

    with runtime(data_dir) as running:
        from lindung.web.migrating import prepare_database

        prepare_database()
        serve_until_stopped(running, host, port, workers)


@app.command()
def migrate(data_dir: DataDir = None) -> None:
    """Bring the database to this version. Safe to repeat, and while the earlier version still serves."""
    from lindung.web.runtime import runtime

    with runtime(data_dir):
        _migrate()
        typer.echo("The database is up to date.")


@app.command()
def init(
    regency: Annotated[str, typer.Argument(help="Code of the regency or city, for example 61.12")],
    data_dir: DataDir = None,
) -> None:
    """Make a new installation ready: database, Indonesia's places, holidays, the regency it serves. Safe to repeat."""
    from lindung.web.runtime import runtime

    with runtime(data_dir):
        _migrate()
        from lindung.core.actors import SYSTEM, acting_as
        from lindung.web.installing import set_up

        with acting_as(SYSTEM):
            typer.echo(f"Ready: {set_up(SYSTEM, regency).name}. Next: lindung user create")


@app.command()
def doctor(data_dir: DataDir = None) -> None:
    """Check the installation and say what is wrong, and how to mend it."""
    from lindung.web.cli.doctor import run_doctor

    raise typer.Exit(0 if run_doctor(data_dir) else 1)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="File to write, for example backup.lindung")], data_dir: DataDir = None
) -> None:
    """Write the database and the keys into one file, readable only by you. Keep it as safe as the keys themselves."""
    from lindung.web.backup import write_backup
    from lindung.web.runtime import runtime

    with runtime(data_dir) as running:
        typer.echo(write_backup(running, file))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `lindung backup` wrote")],
    data_dir: DataDir = None,
    replace: Annotated[bool, typer.Option(help="Replace a database that already has people in it.")] = False,
) -> None:
    """Bring back a backup, into an empty installation unless --replace is given."""
    from lindung.web.backup import read_backup
    from lindung.web.runtime import runtime

    typer.echo(read_backup(lambda: runtime(data_dir), file, replace))


@app.command()
def nation(
    workers: Annotated[int, typer.Option(help="Workers of the synthetic nation; Indonesia has about 45,000,000.")],
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Where files and database go; they stay, for the next run.")
    ] = None,
    month: Annotated[str, typer.Option(help="The month to run, YYYY-MM.")] = "2026-02",
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON object.")] = False,
    limit_first: Annotated[bool, typer.Option(help="Time the bare COPY before the month instead of after it.")] = False,
) -> None:
    """Run one month of a synthetic nation, and time it against a bare COPY of the same rows."""
    from lindung.core.months import parse_month
    from lindung.web.cli.nation import run_nation

    run_nation(workers, folder, parse_month(month), as_json=as_json, limit_first=limit_first)


@imports.command("proposals")
def import_proposals(
    file: Annotated[Path, typer.Argument(help="The office's workbook (.xlsx)")],
    data_dir: DataDir = None,
    user: AsUser = "petugas",
    scheme: Annotated[int | None, typer.Option(help="Number of the scheme; the newest when not given.")] = None,
    answer: Annotated[Path | None, typer.Option(help="Where to write the workbook with the reasons.")] = None,
) -> None:
    """Check an office's list of people and write the answer workbook beside it. The same as the upload on the site."""
    from lindung.web.cli.imports import proposals

    proposals(data_dir, file, user, scheme, answer)


@imports.command("deaths")
def import_deaths(
    file: Annotated[Path, typer.Argument(help="The civil registry's list of deaths (.xlsx)")],
    data_dir: DataDir = None,
    user: AsUser = "petugas",
) -> None:
    """Match a list of deaths with the participants and tell the families of their right."""
    from lindung.web.cli.imports import deaths

    deaths(data_dir, file, user)


@audit.command("verify")
def audit_verify(data_dir: DataDir = None) -> None:
    """Recompute the hash chain over the action log: a changed or removed entry shows."""
    from lindung.web.runtime import runtime

    with runtime(data_dir):
        from lindung.core.log import verify_chain

        report = verify_chain()
    if report.broken_at is not None:
        typer.echo(f"BROKEN at entry {report.broken_at} of {report.entries}: {report.problem}", err=True)
        raise typer.Exit(1)
    typer.echo(f"The chain of {report.entries} entries is sound.")


@users.command("create")
def user_create(
    username: Annotated[str, typer.Argument(help="Name to sign in with")],
    role: Annotated[
        str,
        typer.Option(
            help="One of: regency_officer, regency_approver, village_operator, branch_verifier, branch_approver, "
            "branch_relations, branch_finance, auditor, company_hr, leadership, administrator"
        ),
    ],
    place: Annotated[str, typer.Option(help="Code of the place, for example 61.12")] = "",
    npp: Annotated[str, typer.Option(help="The employer's number, for company_hr")] = "",
    data_dir: DataDir = None,
    name: Annotated[str, typer.Option(help="Name as shown")] = "",
) -> None:
    """Add someone who may sign in; asks for the password (12 characters or more)."""
    from lindung.web.cli.users import create_user

    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    create_user(data_dir, username, role, place, name, password, npp)
    typer.echo(f"{username} can sign in.")


@users.command("token")
def user_token(
    username: Annotated[str, typer.Argument(help="Who signs in with this name")],
    name: Annotated[str, typer.Option(help="What the token is for")],
    data_dir: DataDir = None,
) -> None:
    """Make an API token for a user. It is shown once."""
    from lindung.web.cli.users import create_token

    typer.echo(create_token(data_dir, username, name))


@users.command("revoke-token")
def user_revoke_token(
    username: Annotated[str, typer.Argument(help="Who signs in with this name")],
    name: Annotated[str, typer.Option(help="What the token was for")],
    data_dir: DataDir = None,
) -> None:
    """Make a user's tokens of this name worthless, at once."""
    from lindung.web.cli.users import revoke

    typer.echo(f"Revoked: {revoke(data_dir, username, name)}.")


@users.command("deactivate")
def user_deactivate(
    username: Annotated[str, typer.Argument(help="Who signs in with this name")],
    reason: Annotated[str, typer.Option(help="Why, for the action log")],
    data_dir: DataDir = None,
) -> None:
    """Shut someone out at once, sessions and tokens too. What they did stays on record."""
    from lindung.web.cli.users import deactivate

    deactivate(data_dir, username, reason)
    typer.echo(f"{username} can no longer sign in.")


@users.command("password")
def user_password(
    username: Annotated[str, typer.Argument(help="Who signs in with this name")], data_dir: DataDir = None
) -> None:
    """Set a new password; asks for it. Whoever is signed in with the old one is signed out."""
    from lindung.web.cli.users import change_password

    change_password(data_dir, username, typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    typer.echo(f"{username} signs in with the new password.")


@banks.command("add")
def bank_add(
    name: Annotated[str, typer.Argument(help="The bank's name")],
    service_id: Annotated[str, typer.Argument(help="Its prefix of virtual accounts (partnerServiceId)")],
    key: Annotated[Path, typer.Argument(help="Its public RSA key, a PEM file")],
    address: Annotated[
        list[str] | None, typer.Option(help="An address it may call from; give it again for more")
    ] = None,
    open_amount: Annotated[bool, typer.Option("--open", help="Accept other amounts than a bill asks")] = False,
    data_dir: DataDir = None,
) -> None:
    """A bank that may collect by virtual account (SNAP). Its secret is shown once."""
    from lindung.web.cli.bank import add

    client_id, secret = add(data_dir, name, service_id, key, address or [], open_amount)
    typer.echo(f"client id: {client_id}\nclient secret: {secret}")


@app.command("testbank")
def test_bank(
    url: Annotated[str, typer.Option(help="Where the demonstration's site answers")] = "http://127.0.0.1:8000",
    count: Annotated[int, typer.Option(help="How many bills to pay")] = 40,
    seed: Annotated[int, typer.Option(help="The same seed, the same messages")] = 1,
    data_dir: DataDir = None,
) -> None:
    """A bank of ours that pays a demonstration's bills over HTTP: repeated, late, out of order, falsely signed."""
    from lindung.web.cli.bank import run_testbank

    if not run_testbank(data_dir, url, count, seed):
        raise typer.Exit(1)


def _migrate() -> None:
    from lindung.web.migrating import migrate_database

    migrate_database()


def main() -> None:
    """Entry point: a person's mistake ends in one plain sentence, never in a traceback."""
    try:
        app(standalone_mode=True)
    except PostgresError as error:
        sys.exit(f"lindung: {error}")
    except OSError as error:
        sys.exit(f"lindung: {error.strerror or error}: {error.filename or ''}")
    except Exception as error:
        if type(error).__module__ == "django.db.utils" and type(error).__name__ == "ProgrammingError":
            sys.exit("lindung: the database lacks what this version expects. Run lindung migrate, then lindung doctor.")
        if type(error).__module__ != "lindung.core.errors" and not hasattr(error, "way_out"):
            raise
        sys.exit(f"lindung: {error} {getattr(error, 'way_out', '')}".strip())
