-- Executions of confirmations that begin before the range ends, for one computation; reversals by another row are told apart later.
-- From history, also those of the range's own days: the days of both models are restated by different runs, and it must not matter
-- which comes first. One row per newest version of a business key and production day.
CREATE OR REPLACE TABLE {{ executions }} ENGINE = Memory SETTINGS compress = 1 AS
SELECT
    plant, work_center, confirmation, counter, business_key,
    assumeNotNull(started_at) AS started_at, assumeNotNull(finished_at) AS finished_at
FROM
(
    SELECT
        plant, work_center, confirmation, counter, business_key, h.started_at AS started_at, h.finished_at AS finished_at,
        is_reversed, cancelled_counter, is_superseded, is_tombstone
    FROM te_staging.confirmations_history AS h
    WHERE production_day >= {first:Date} AND (production_day, business_key) IN
    (
        SELECT production_day, business_key
        FROM te_staging.confirmations_history
        WHERE production_day >= {first:Date}
          AND ifNull(started_at, toDateTime64('2299-12-31 00:00:00', 3, 'UTC'))
              < (SELECT max(ends_at) FROM te_ops.production_days WHERE production_day = {last:Date})
    )
    AND {{ counting }}
    ORDER BY production_day, business_key, {{ newest_first }}
    LIMIT 1 BY production_day, business_key
)
WHERE NOT is_superseded AND NOT is_tombstone AND NOT is_reversed AND cancelled_counter = '' AND started_at < finished_at
