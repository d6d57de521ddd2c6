-- Subquery: those of the confirmations of `among` (plant, confirmation, counter) that another one cancels by naming their counter, by
-- the newest version of that one, in whatever file and on whatever day it came. From history: it must not matter which day is
-- restated first. Looked up from the confirmations, so that cost follows them, not the cancellations of all time.
SELECT plant, confirmation, cancelled_counter
FROM
(
    SELECT plant, confirmation, cancelled_counter, is_superseded, is_tombstone
    FROM te_staging.confirmations_history
    WHERE (production_day, business_key) IN
    (
        SELECT production_day, business_key
        FROM te_staging.confirmations_history
        WHERE cancelled_counter != '' AND (plant, confirmation, cancelled_counter) IN ({{ among }})
    )
      AND {{ counting }}
    ORDER BY production_day, business_key, {{ newest_first }}
    LIMIT 1 BY production_day, business_key
)
WHERE cancelled_counter != '' AND NOT is_superseded AND NOT is_tombstone
