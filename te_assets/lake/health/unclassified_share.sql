-- Logged seconds of the last days by reason that the site profile does not class, and of all reasons. One row per such reason.
SELECT reason_code, any(reason_text) AS reason_text, sum(ifNull(logged_seconds, 0)) AS seconds, count() AS stops, any(total) AS total
FROM
(
    SELECT *, sum(ifNull(logged_seconds, 0)) OVER () AS total
    FROM te_staging.interactions
    WHERE production_day > today() - {days:UInt32}
)
WHERE reason_class = 'unclassified'
GROUP BY reason_code
ORDER BY seconds DESC
LIMIT 100
