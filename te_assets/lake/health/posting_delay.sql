-- Days from the production day to the posting that nineteen of twenty confirmations do not exceed: of the last days, and of the
-- thirty before. One row.
SELECT
    countIf(is_recent) AS recent, quantileExactIf(0.95)(delay, is_recent) AS recent_days,
    countIf(NOT is_recent) AS usual, quantileExactIf(0.95)(delay, NOT is_recent) AS usual_days
FROM
(
    SELECT
        dateDiff('day', production_day, assumeNotNull(posted_at)) AS delay,
        production_day > today() - {days:UInt32} AS is_recent
    FROM te_staging.confirmations
    WHERE posted_at IS NOT NULL AND production_day > today() - {days:UInt32} - 30
)
