-- Executions of valid confirmations that reach into the range, as spans of rank 9. One row per confirmation.
-- Newest versions come from history, also those of the range's own days: the days of both models are restated by
-- different runs, and it must not matter which comes first.
SELECT
    e.plant, {{ 'u.part' if stations else 'e.work_center' }}, {{ 'e.work_center,' if stations }} '' AS interaction_id, '' AS reason_code, business_key,
    toUnixTimestamp64Milli(assumeNotNull(started_at)) AS starts, toUnixTimestamp64Milli(assumeNotNull(finished_at)) AS ends,
    0 AS logged, false AS is_open, false AS is_short, '' AS class, 9 AS rank
FROM
(
    SELECT
        plant, work_center, confirmation, counter, business_key, started_at, finished_at, is_reversed, cancelled_counter, is_superseded, is_tombstone
    FROM te_staging.confirmations_history
    WHERE production_day >= {first:Date} AND business_key IN
    (
        SELECT business_key
        FROM te_staging.confirmations_history
        WHERE production_day >= {first:Date}
          AND ifNull(started_at, toDateTime64('2299-12-31 00:00:00', 3, 'UTC'))
              < (SELECT max(ends_at) FROM te_ops.production_days WHERE production_day = {last:Date})
    )
    AND {{ counting }}
    ORDER BY production_day, business_key, {{ newest_first }}
    LIMIT 1 BY production_day, business_key
) AS e
{% if stations %}
INNER JOIN {{ stations }} AS u ON e.plant = u.plant AND e.work_center = u.work_center
{% endif %}
WHERE NOT is_superseded AND NOT is_tombstone AND NOT is_reversed AND cancelled_counter = '' AND started_at < finished_at
  AND (e.plant, confirmation, counter) NOT IN (SELECT plant, confirmation, counter FROM te_staging.cancellations)
