-- Keys that the batch holds more than once, or that were known before: the newest version of both. One row per business key.
SELECT
    business_key,
    h.version AS head_version, h.production_day AS head_day, h.production_days AS head_days, h.is_open AS head_is_open, h.plant AS head_plant,
    k.business_key != '' AS is_known,
    k.version AS known_version, k.production_day AS known_day, k.production_days AS known_days, k.is_open AS known_is_open, k.plant AS known_plant,
    NOT is_known OR h.version > k.version AS is_newer,
    if(is_newer, h.version, k.version) AS newest_version,
    if(is_newer, h.production_day, k.production_day) AS newest_day
FROM
(
    SELECT
        business_key, max(b.version) AS version, argMax(b.production_day, b.version) AS production_day,
        argMax(b.production_days, b.version) AS production_days, argMax(b.is_open, b.version) AS is_open, argMax(b.plant, b.version) AS plant
    FROM {{ batch }} AS b
    WHERE verdict = 'accepted' AND (topic_id, partition, offset, line) NOT IN (SELECT topic_id, partition, offset, line FROM {{ duplicates }})
      AND (business_key IN (SELECT business_key FROM {{ batch }} WHERE verdict = 'accepted' GROUP BY business_key HAVING count() > 1)
        OR business_key IN (SELECT business_key FROM {{ known }}))
    GROUP BY business_key
) AS h
LEFT JOIN {{ known }} AS k ON h.business_key = k.business_key
