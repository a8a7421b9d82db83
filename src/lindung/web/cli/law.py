"""`lindung law …`: judge cases, list what holds, search the annexes. Needs no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer

law = typer.Typer(no_args_is_help=True, help="The law as code: judge a case, list what holds. Needs no database.")

Questions = Annotated[str, typer.Argument(help="A JSON list of questions; - for standard input")]
ReformFile = Annotated[Path | None, typer.Option("--reform", help="A reform to lay over the law, see docs/law.md")]


@law.command("evaluate")
def evaluate(file: Questions, reform: ReformFile = None) -> None:
    """Judge cases by the law: a JSON list of questions in, a JSON list of answers out, in the same order."""
    from lindung import law as rules

    proposed = load_reform(reform)
    answers = [rules.evaluate(question, proposed) for question in _questions(file)]
    typer.echo(json.dumps(answers, ensure_ascii=False, indent=1, default=str))


@law.command("explain")
def explain(
    file: Questions,
    language: Annotated[str, typer.Option(help="id or en")] = "id",
    html: Annotated[bool, typer.Option("--html", help="As a list in HTML")] = False,
    reform: ReformFile = None,
) -> None:
    """Judge cases by the law and say every step in words, with its article. Ends with 1 when one was refused."""
    from lindung import law as rules
    from lindung.law.explanation import as_html, as_text

    proposed, write, refused = load_reform(reform), as_html if html else as_text, False
    for place, question in enumerate(_questions(file)):
        try:
            judged = rules.judge_question(question, proposed)
        except rules.LawError as error:
            name = question.get("id", place) if isinstance(question, Mapping) else place
            typer.echo(f"{name}: {error.message}", err=True)
            refused = True
        else:
            typer.echo(write(judged, "en" if language == "en" else "id"))
    raise typer.Exit(int(refused))


@law.command("assess")
def assess(
    source: Annotated[Path, typer.Argument(help="Parquet file; its columns are named after the facts, and `on`")],
    target: Annotated[
        Path | None, typer.Argument(help="Parquet file to write, a row for each row; only totals when not given")
    ] = None,
    rule: Annotated[str, typer.Option(help="The question asked of every row.")] = "contributions",
    on: Annotated[str, typer.Option(help="Month or day of all rows; their column `on` when not given.")] = "",
    result: Annotated[list[str] | None, typer.Option(help="A result wanted; all when not given. May repeat.")] = None,
    keep: Annotated[list[str] | None, typer.Option(help="A column to carry over, besides `id`. May repeat.")] = None,
    threads: Annotated[int | None, typer.Option(help="Cores to use; all when not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print totals and faults as one JSON object.")] = False,
    engine: Annotated[
        Literal["local", "dask", "spark"],
        typer.Option(help="What does the work; on a cluster, IN may be a folder and OUT becomes one."),
    ] = "local",
    scheduler: Annotated[str | None, typer.Option(help="Dask's scheduler, tcp://…; else one of this machine.")] = None,
    master: Annotated[str | None, typer.Option(help="Spark's master, spark://…; else one of this machine.")] = None,
    reform: ReformFile = None,
) -> None:
    """Judge every row of a Parquet file, however large. Faulty rows are counted and named; they stop nothing.

    Ends with 1 when there were faulty rows.
    """
    from lindung.web.cli.assess import run_assess

    if (scheduler and engine != "dask") or (master and engine != "spark"):
        raise typer.BadParameter("--scheduler goes with --engine dask, --master with --engine spark.")
    code = run_assess(
        source,
        target,
        rule=rule,
        on=on,
        results=result or [],
        keep=keep or [],
        threads=threads,
        as_json=as_json,
        reform=load_reform(reform),
        engine=engine,
        address=scheduler if engine == "dask" else master,
    )
    raise typer.Exit(code)


@law.command("warm")
def warm() -> None:
    """Compile the law's loops for `lindung law assess` once, so that the first file need not wait."""
    from lindung.web.cli.assess import run_warm

    run_warm()


@law.command("parameters")
def parameters(on: Annotated[str, typer.Option(help="Day, YYYY-MM-DD; today when not given.")] = "") -> None:
    """What the law's figures are on a day."""
    from lindung import law as rules

    _print_rows(rules.parameters_on(_day(on) if on else date.today()))


@law.command("history")
def history(name: Annotated[str, typer.Argument(help="A figure's name, as `lindung law parameters` lists it")]) -> None:
    """How one of the law's figures changed."""
    from lindung import law as rules

    try:
        _print_rows(rules.history(name))
    except rules.LawError as error:
        _refuse(error.message)


@law.command("missing")
def missing(on: Annotated[str, typer.Option(help="Day, YYYY-MM-DD")]) -> None:
    """Figures that have ended by a day and have no next value: what is to be added before questions are answered."""
    from lindung import law as rules

    _print_rows(rules.missing_on(_day(on)))


@law.command("unverified")
def unverified() -> None:
    """What has not yet been read in the regulation itself (confidence M or S), and what would settle it."""
    from lindung import law as rules

    _print_rows(rules.unverified())


@law.command("risk-group")
def risk_group(words: Annotated[list[str], typer.Argument(help="Words of the business, e.g. bengkel motor")]) -> None:
    """The JKK risk group of a business activity: rows of the list in which every word is found."""
    from lindung import law as rules

    _print_rows(_shown(row, "group", "number", "name", "confidence", "note") for row in rules.risk_groups(words))


@law.command("injury")
def injury(words: Annotated[list[str], typer.Argument(help="Words of the injury, e.g. ibu jari")]) -> None:
    """The JKK disability table: rows in which every word is found, with the code that a question names."""
    from lindung import law as rules

    _print_rows(_shown(row, "code", "name", "percent", "percent_most", "per", "note") for row in rules.injuries(words))


def load_reform(file: Path | None) -> Any:
    """A reform's file read; none for none. Ends the command when it is faulty."""
    from lindung import law as rules

    try:
        return rules.load_reform(file) if file else None
    except rules.LawFileError as error:
        _refuse(str(error))


def _questions(file: str) -> list[Any]:
    """The questions of a file; one alone is a list of one."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        questions = json.loads(text)
    except json.JSONDecodeError as error:
        _refuse(f"{file} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}.")
    except (ValueError, RecursionError):  # not UTF-8, a number of thousands of digits, brackets without end
        _refuse(f"{file} cannot be read as JSON in UTF-8.")
    return questions if isinstance(questions, list) else [questions]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        _refuse(f"{text} is not a day; write it as 2026-02-27.")


def _refuse(message: str) -> NoReturn:
    sys.exit(f"lindung: {message}")


def _shown(row: Mapping[str, Any], *columns: str) -> dict[str, Any]:
    return {column: "" if row[column] is None else row[column] for column in columns}


def _print_rows(rows: Iterable[Mapping[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    found = list(rows)
    table = Table()
    for name in found[0] if found else ["-"]:
        # A name or a date is never broken in two; only what has spaces is.
        words = [word for row in found for word in str(row[name]).split()]
        table.add_column(name, min_width=max(map(len, words), default=0))
    for row in found:
        table.add_row(*(_cell(value) for value in row.values()))
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def _cell(value: Any) -> str:
    """A value as a table shows it: nothing for none, a list by commas, each row of rows on its own line."""
    from rich.markup import escape

    if value is None:
        return ""
    if isinstance(value, list):
        rows = any(isinstance(part, list) for part in value)
        return ("\n" if rows else ", ").join(_cell(part) for part in value)
    return escape(str(value))
