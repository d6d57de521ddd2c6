"""From a landed file to lines: the landing store, and where workbooks and contracts meet."""
