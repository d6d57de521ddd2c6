"""Excel only: from the bytes of a workbook to JSON lines, without losing, changing or inventing a value."""
