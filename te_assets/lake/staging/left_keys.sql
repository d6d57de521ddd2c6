-- The rows that left, as changed keys (staging/changed_keys.sql). One row per business key.
SELECT
    l.business_key AS business_key, [toString(any(k.plant))] AS plants, groupUniqArrayArray(k.production_days) AS days,
    groupUniqArrayIf(k.production_day, k.is_open) AS open_days,
    false AS has_other, toDate(0) AS other_day, CAST([], 'Array(Date)') AS other_days, false AS other_is_open, '' AS other_plant
FROM {{ left_rows }} AS l
INNER JOIN te_staging.{{ model.name }}_keys AS k ON l.business_key = k.business_key AND l.version = k.version
GROUP BY l.business_key
