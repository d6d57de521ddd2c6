"""The floor: fastexcel's bare parse of the same file into Arrow, types guessed, nothing checked, nothing written."""

from __future__ import annotations

import time

from bench.files import BulkFile
from bench.isolation import preload
from bench.measurement import Timed
from bench.memory import own_peak


def run_bare_parse(file: BulkFile) -> Timed:
    """Parse the first sheet."""
    preload("pyarrow")
    import fastexcel

    begin = time.perf_counter()
    batch = fastexcel.read_excel(str(file.path)).load_sheet(0).to_arrow()
    seconds = time.perf_counter() - begin
    if batch.num_rows != file.expected.rows:
        raise RuntimeError(f"{file.path} has {batch.num_rows} rows, {file.expected.rows} were written")
    return Timed(seconds, {"parse": seconds}, peaks={"parser": own_peak()})
