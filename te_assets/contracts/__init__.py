"""What a workbook layout is: its contract, the matching of headers, and its compilation to ClickHouse SQL."""
