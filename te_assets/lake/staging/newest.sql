-- The newest version per business key and production day, unless it went to another day or left its source. One row per business key.
SELECT * FROM
(
    SELECT * FROM te_staging.{{ model.name }}_history
    WHERE production_day BETWEEN {first:Date} AND {last:Date} AND {{ counting }}
    ORDER BY production_day, business_key, {{ newest_first }}
    LIMIT 1 BY production_day, business_key
)
WHERE NOT is_superseded AND NOT is_tombstone
