-- A page of rejected rows. One row per reason.
SELECT
    m.model AS model, m.contract AS contract, m.file_sha256 AS file_sha256, m.sheet AS sheet, m.row AS row, m.column AS column,
    m.rule AS rule, m.message AS message, m.value AS value, m.rejected_at AS rejected_at, m.resolved_by_file AS resolved_by_file,
    if(m.column = '', JSONExtractString(m.payload, '_column'), '') AS letter
FROM te_staging.rejected_rows AS m FINAL
WHERE {% include 'parts/rejected.sql' %}
ORDER BY {{ order }}
LIMIT {limit:UInt32} OFFSET {offset:UInt32}
