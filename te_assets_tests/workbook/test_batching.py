"""Batches fit a message, keep the order, and say which production days they may touch."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from te_assets.errors import WorkbookError
from te_assets.workbook.batching import CutBatch, cut
from te_assets.workbook.framing import Frame, FrameKind, read_frame, write_frame


def cut_all(
    lines: Sequence[str],
    *,
    dates: Sequence[datetime | None] | None = None,
    max_rows: int = 1000,
    max_bytes: int = 900_000,
) -> list[CutBatch]:
    stamps = list(dates) if dates is not None else [None] * len(lines)
    frame = pl.DataFrame(
        {"row": range(2, len(lines) + 2), "0": stamps}, schema={"row": pl.Int64, "0": pl.Datetime("ms")}
    )
    return list(cut(frame, pl.Series("line", lines, pl.String), (0,), max_rows, max_bytes))


@settings(deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40), max_size=60),
    st.integers(1, 20),
    st.integers(160, 400),
)
def test_batches_hold_all_lines_in_order_within_their_limits(lines: list[str], max_rows: int, max_bytes: int) -> None:
    batches = cut_all(lines, max_rows=max_rows, max_bytes=max_bytes)
    assert [line for batch in batches for line in batch.data.decode().split("\n")] == lines
    row = 2
    for batch in batches:
        assert (batch.first_row, batch.rows) == (row, batch.data.count(b"\n") + 1)
        assert batch.rows <= max_rows
        assert len(batch.data) <= max_bytes
        row += batch.rows


def test_row_that_fits_no_message_is_named() -> None:
    with pytest.raises(WorkbookError, match=r"row 3 takes 200 bytes, a message holds 100.*Shorten"):
        cut_all(["a", "b" * 200, "c"], max_bytes=100)


def test_days_are_those_of_the_batch_and_the_days_before() -> None:
    """A stop at 03:00 belongs to the production day before."""
    days = [datetime(2026, 3, 6, 3, 0), datetime(2026, 3, 6, 23, 0), None, datetime(2026, 3, 9)]
    first, second = cut_all(["a", "b", "c", "d"], dates=days, max_rows=3)
    assert first.days == ("2026-03-05", "2026-03-06")
    assert second.days == ("2026-03-08", "2026-03-09")


def test_more_than_a_month_of_days_gives_no_hint() -> None:
    days = [datetime(2026, 3, 1) + timedelta(days=at) for at in range(31)]
    assert cut_all(["x"] * 31, dates=days)[0].days == ()
    assert len(cut_all(["x"] * 30, dates=days[:30])[0].days) == 31


def test_nonsense_dates_are_no_days() -> None:
    assert cut_all(["a", "b"], dates=[datetime(1900, 1, 1), datetime(9999, 12, 31)])[0].days == ()


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(FrameKind), st.dictionaries(st.text(max_size=5), st.integers(), max_size=3), st.binary()
        ),
        max_size=5,
    )
)
def test_frames_come_back_as_they_were_written(frames: list[tuple[FrameKind, dict[str, int], bytes]]) -> None:
    stream = io.BytesIO()
    for kind, head, body in frames:
        write_frame(stream, Frame(kind, head, body))
    stream.seek(0)
    read = []
    while (frame := read_frame(stream.read)) is not None:
        read.append((frame.kind, frame.head, frame.body))
    assert read == frames


def test_stream_that_ends_within_a_frame_ends() -> None:
    stream = io.BytesIO()
    write_frame(stream, Frame(FrameKind.BATCH, {}, b"body"))
    for length in range(len(stream.getvalue())):
        assert read_frame(io.BytesIO(stream.getvalue()[:length]).read) is None


def test_bytes_that_are_no_frame_are_refused() -> None:
    with pytest.raises(ValueError, match="frame of"):
        read_frame(io.BytesIO(b"thread 'main' panicked at src/lib.rs").read)
