-- The newest version of each interaction, classified by the site's reasons and policies. One row per business key.
INSERT INTO {{ shadow }}
(
    {{ model.typed | join(', ') }}, is_open, is_short, reason_class, logged_seconds,
    production_day, exported_at, version, file_sha256, sheet, row, contract, topic_id, partition, offset, line, business_key
)
WITH
    (SELECT toDecimal64(anyOrNull(value), 3) * 60 FROM te_ops.policies WHERE name = 'short_stop_minutes') AS short_seconds
SELECT
    {{ model.typed | join(', ') }}, is_open,
    ifNull(logged_seconds < short_seconds, false) AND reason_class NOT IN ('planned', 'setup') AS is_short,
    if(r.reason_code = '', 'unclassified', r.reason_class) AS reason_class,
    logged_seconds,
    production_day, exported_at, version, file_sha256, sheet, row, contract, topic_id, partition, offset, line, business_key
FROM ({{ newest }}) AS h
LEFT JOIN (SELECT reason_code, reason_class FROM te_ops.reasons WHERE reason_code != '') AS r ON h.reason_code = r.reason_code
