-- A superseded line for every other production day on which an older version of these keys still stands as the newest one.
INSERT INTO te_staging.{{ model.name }}_history
WITH
    winners AS
    (
        SELECT business_key, max(k.version) AS version, argMax(k.production_day, k.version) AS production_day
        FROM te_staging.{{ model.name }}_keys AS k
        WHERE business_key IN (SELECT business_key FROM {{ changed }}) AND {{ counting_keys }}
        GROUP BY business_key
    ),
    standing AS
    (
        SELECT business_key, production_day, version
        FROM
        (
            SELECT business_key, production_day, version, content_hash, contract, is_superseded, is_tombstone
            FROM te_staging.{{ model.name }}_history
            WHERE business_key IN (SELECT business_key FROM {{ changed }}) AND {{ counting }}
            ORDER BY production_day, business_key, {{ newest_first }}
            LIMIT 1 BY production_day, business_key
        )
        WHERE NOT is_superseded AND NOT is_tombstone
    ),
    left_days AS
    (
        SELECT s.business_key AS business_key, s.production_day AS left_day, w.version AS version, w.production_day AS production_day
        FROM standing AS s
        INNER JOIN winners AS w ON s.business_key = w.business_key
        WHERE s.version < w.version AND s.production_day != w.production_day
    )
SELECT h.* REPLACE (l.left_day AS production_day, true AS is_superseded)
FROM
(
    SELECT *
    FROM te_staging.{{ model.name }}_history
    WHERE (business_key, version, production_day) IN (SELECT business_key, version, production_day FROM left_days) AND {{ counting }}
    ORDER BY business_key, {{ newest_first }}
    LIMIT 1 BY business_key
) AS h
INNER JOIN left_days AS l ON h.business_key = l.business_key
