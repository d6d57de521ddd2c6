"""One module per view: asks ClickHouse and says what the answer is; all figures are computed there."""
