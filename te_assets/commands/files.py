"""`te-assets ingest`, `check`, `suggest`, `rejects`: files through the chain or only judged, and what came of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from te_assets.settings import Settings

if TYPE_CHECKING:
    from te_assets.automation.checking import Checked
    from te_assets.automation.ingesting import FileReport
    from te_assets.automation.repairing import Written
    from te_assets.contracts.layout import Model

_SHOWN, _ALL = 20, 2_000_000
_FILES = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, required=True, type=_FILES, metavar="FILE…")
@click.option("--source", metavar="NAME", help="Contract to use; without it the contract is found from the headers.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def ingest(files: Sequence[Path], source: str | None, as_json: bool) -> None:
    """Land workbooks or text exports and take them through Kafka and ClickHouse to the marts; waits.

    Runs the same Dagster jobs on the same instance as the sensors. Exits 1 when a file was rejected as a whole.

    Example: te-assets ingest Interactions.xlsx Confirmations.xlsx
    """
    from te_assets.automation.ingesting import ingest as run
    from te_assets.automation.launch import quiet_dagster

    quiet_dagster()
    reports = run(Settings(), files, only=source, say=lambda line: click.echo(line, err=True))
    if as_json:
        click.echo(json.dumps([asdict(report) for report in reports], default=str, ensure_ascii=False, indent=2))
    else:
        show_reports(reports)
    if any(report.rejection for report in reports):
        sys.exit(1)


@click.command()
@click.argument("file", type=_FILES)
@click.option("--source", metavar="NAME", help="Contract to use; without it the contract is found from the headers.")
@click.option(
    "--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Write the rejected rows here, to repair."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def check(file: Path, source: str | None, rejects: Path | None, as_json: bool) -> None:
    """Judge a workbook or text export as ingest would, without sending anything.

    Exits 1 when the file as a whole, or one of its rows, would be rejected.

    Example: te-assets check Confirmations.xlsx --rejects to-repair.xlsx
    """
    from te_assets.automation.checking import check_file
    from te_assets.automation.repairing import numbered, write_rejects_of_sheet
    from te_assets.profile import Profile

    settings = Settings()
    checked = check_file(settings, file, only=source, limit=_ALL if rejects else _SHOWN)
    if rejects is not None:
        operator = Profile.of(settings).operator_policy(settings)
        for number, one in enumerate((one for one in checked if one.judgement.faults), 1):
            out = numbered(rejects, number)
            _say_written(write_rejects_of_sheet(one.sheet, one.judgement.faults, file, operator, out))
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in checked], default=str, ensure_ascii=False, indent=2))
    for one in () if as_json else checked:
        _show_checked(file, one)
    if any(one.judgement.verdicts.rejected for one in checked):
        sys.exit(1)


@click.command()
@click.argument("file", type=_FILES)
@click.option("--model", type=click.Choice(["interactions", "confirmations"]), help="What the file feeds.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the YAML here.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def suggest(file: Path, model: Model | None, out: Path | None, as_json: bool) -> None:
    """Propose a contract for a workbook or text export, as YAML, with what it was unsure of.

    Review the lines marked UNSURE, put the file into $TE_SITE/sources/ and ask te-assets check. Exits 1 when a column
    is missing without which no row could be accepted.

    Example: te-assets suggest Stops.xlsx --out $TE_SITE/sources/stops.yaml
    """
    from te_assets.automation.suggesting import suggest as run

    proposal = run(Settings(), file, model=model)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(proposal.yaml, encoding="utf-8")
    if as_json:
        click.echo(json.dumps(asdict(proposal), ensure_ascii=False, indent=2))
    elif out is None:
        click.echo(proposal.yaml, nl=False)
    for sentence in proposal.unsure:
        click.echo(f"unsure: {sentence}", err=True)
    for sentence in proposal.problems:
        click.echo(f"{file.name}: {sentence}", err=True)
    if proposal.problems:
        sys.exit(1)


@click.command()
@click.argument("sha256", metavar="FILE_SHA256")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The workbook to write, to repair."
)
def rejects(sha256: str, out: Path) -> None:
    """Write the rejected rows of a delivered file as a workbook to repair and deliver again.

    FILE_SHA256 may be cut to its first digits. Headers and values are the original ones, faulty cells are marked, the
    last columns say why and which row it was. A file with rejected rows of several sheets gives a workbook for each.

    Example: te-assets rejects 3fb1c09a --out to-repair.xlsx
    """
    from te_assets.automation.repairing import write_rejects_of_file
    from te_assets.stack.connect import clickhouse_client, clickhouse_endpoint

    settings = Settings()
    client = clickhouse_client(clickhouse_endpoint(settings))
    try:
        written = write_rejects_of_file(settings, client, sha256, out)
    finally:
        client.close()
    for one in written:
        _say_written(one)
    if not written:
        click.echo("no row of this file waits to be repaired; nothing was written", err=True)


def _show_checked(file: Path, one: Checked) -> None:
    """The layout of a sheet, what became of its rows, and the first faults with their addresses."""
    from te_assets.lake.faults import address

    publication, layout, verdicts = one.sheet.publication, one.sheet.layout, one.judgement.verdicts
    click.echo(f'{file.name}, sheet "{layout.sheet}", header in row {layout.header_row}: {publication.contract}')
    if one.sheet.request.text is not None:
        click.echo(f"  {one.sheet.request.text}")
    click.echo(f"  columns: {', '.join(f'{field} {letter}' for field, letter in layout.header_map.items())}")
    if layout.constants:
        click.echo(f"  beside the table: {', '.join(name for name, _ in layout.constants)}")
    if layout.unmapped:
        click.echo(f"  kept without a field: {', '.join(cell.text for cell in layout.unmapped)}")
    click.echo(
        f"  exported {publication.exported_at:%Y-%m-%d %H:%M} UTC ({publication.exported_at_origin.replace('_', ' ')})"
    )
    click.echo(
        f"  {one.rows:,} rows: {verdicts.accepted:,} accepted, {verdicts.rejected:,} rejected, "
        f"{verdicts.skipped:,} skipped, {verdicts.duplicates:,} duplicates"
    )
    for kind, faults in (("", one.judgement.faults), ("note: ", one.judgement.notes)):
        for fault in faults[:_SHOWN]:
            click.echo(f"  {kind}{address(fault, layout.sheet, layout.header_map)}: {fault.message} ({fault.rule})")
    for warning in one.warnings:
        click.echo(f"  {warning}", err=True)


def _say_written(written: Written) -> None:
    click.echo(f'{written.rows:,} rejected rows of sheet "{written.sheet}" written to {written.path}', err=True)


def _as_json(one: Checked) -> dict[str, Any]:
    return {
        "publication": one.sheet.publication.model_dump(mode="json"),
        "sheet": one.sheet.layout.sheet,
        "header_row": one.sheet.layout.header_row,
        "rows": one.rows,
        **asdict(one.judgement),
        "warnings": one.warnings,
    }


def show_reports(reports: Sequence[FileReport]) -> None:
    """The table of files, then what a person should know of each."""
    from rich.console import Console
    from rich.table import Table

    table = Table("file", "contract", *("read", "published", "raw", "accepted", "rejected", "skipped", "duplicate"))
    for column in table.columns[2:]:
        column.justify = "right"
    for r in reports:
        numbers: tuple[Any, ...] = (r.read, r.published, r.raw, r.accepted, r.rejected, r.skipped, r.duplicates)
        table.add_row(r.name, r.contract or "rejected", *(f"{n:,}" for n in numbers))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    for r in reports:
        if r.rejection:
            click.echo(f"{r.name}: {r.rejection}", err=True)
        if r.note:
            click.echo(f"{r.name}: {r.note}")
        elif r.days:
            click.echo(f"{r.name}: {len(r.days)} production days restated, {r.days[0]} … {r.days[-1]}")
        for fault in r.faults:
            click.echo(f"{r.name}: {fault}", err=True)
        if r.rejected > len(r.faults) > 0:
            click.echo(
                f"{r.name}: all {r.rejected:,} rejected rows, to repair: te-assets rejects {r.sha256[:12]} --out FILE",
                err=True,
            )
        for warning in r.warnings:
            click.echo(f"{r.name}: {warning}", err=True)
