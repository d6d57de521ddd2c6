"""What can be wrong with a file that should be a workbook."""

from __future__ import annotations

from te_assets.errors import WorkbookError


class EmptyFile(WorkbookError):
    """The file has no bytes."""


class NotAWorkbook(WorkbookError):
    """The bytes are no Excel workbook, whatever the name says."""


class PasswordProtected(WorkbookError):
    """The workbook is encrypted."""


class FormatNotRead(WorkbookError):
    """A spreadsheet format that is recognised but not read."""


class DamagedWorkbook(WorkbookError):
    """A part of the workbook is truncated, changed or malformed."""


class OversizedWorkbook(WorkbookError):
    """The workbook asks for more memory than a reader may have."""


class ReaderFailed(WorkbookError):
    """The reader process died, was stopped or reported an error."""


class ReaderKilled(ReaderFailed):
    """Somebody else ended the reader process, the machine for want of memory or a person: the workbook may be good."""
