-- Whether ClickHouse answers. One row.
SELECT 1 AS answers
