"""`python -m bench`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from bench.files import OUT, bulk_file
from bench.goals import judge
from bench.kafka_engine import SETTINGS_TOLD
from bench.order import PARTS, Part, measure
from bench.report import environment, print_report, write_json
from bench.servers import servers

MOST_ROWS = 1_048_575  # Excel ends there
NO_BYTECODE = (
    "PYTHONDONTWRITEBYTECODE is set: every process compiles its imports anew, which adds seconds to all but fastexcel. "
    "Unset it, or run make bench, which does."
)


class Sizes(click.ParamType[tuple[int, ...]]):
    """Comma-separated numbers of rows."""

    name = "rows"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        """Each size once, smallest first."""
        try:
            sizes = sorted({int(part) for part in value.split(",")})
        except ValueError:
            self.fail(f"{value}: not numbers of rows. Write, e.g., 100000,1000000.", param, ctx)
        if sizes[0] < 1 or sizes[-1] > MOST_ROWS:
            self.fail(f"{value}: a sheet has 1 to {MOST_ROWS:,} rows below its header.", param, ctx)
        return tuple(sizes)


class Parts(click.ParamType[tuple[Part, ...]]):
    """Comma-separated parts of the benchmark."""

    name = "parts"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Part, ...]:
        """Those of the parts that are named."""
        named = {part.strip() for part in value.split(",")}
        if wrong := sorted(named - set(PARTS)):
            self.fail(f"{', '.join(wrong)}: no such part. There are {', '.join(PARTS)}.", param, ctx)
        return tuple(part for part in PARTS if part in named)


@click.command()
@click.option("--rows", type=Sizes(), default="100000,1000000", show_default=True, help="Sizes of the workbooks.")
@click.option("--repeat", type=click.IntRange(1), default=1, show_default=True, help="Times that all is timed.")
@click.option("--only", type=Parts(), default=",".join(PARTS), show_default=True, help="Parts to run.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="JSON file; default: bench/out/<time>.json."
)
def main(rows: Sequence[int], repeat: int, only: Sequence[Part], out: Path | None) -> None:
    """Time file to marts by step, beside fastexcel, ClickHouse's Kafka engine and the pandas way.

    Example: python -m bench --rows 100000 --repeat 3
    """
    began = datetime.now(UTC)
    where = environment()
    if sys.dont_write_bytecode:
        say(NO_BYTECODE)
    for size in rows:
        say(f"workbook of {size:,} rows")
        bulk_file(size)
    with servers(say) as running:
        measurements = list(measure(running, [bulk_file(size) for size in rows], only, repeat, say))
    verdicts = judge(measurements)
    notes = [
        ", ".join(f"{name} {value}" for name, value in where.items()),
        f"The Kafka engine: {SETTINGS_TOLD}.",
        "Imports, connections and the first use of the site profile are done before each clock starts; the product's "
        "reader process starts within it.",
        *([NO_BYTECODE] if sys.dont_write_bytecode else []),
    ]
    print_report(measurements, verdicts, notes)
    target = out or OUT / f"{began:%Y%m%dT%H%M%S}.json"
    write_json(target, measurements, verdicts, notes, where)
    say(f"written: {target}")


def say(line: str) -> None:
    """One line of progress; standard output belongs to the result."""
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
