-- Production days whose figures the batch can change. One row per plant, production day and cause.
WITH
    reaching AS
    (
        -- keys that nothing else claims
        SELECT plant, work_center, production_days AS days, is_open, production_day
        FROM {{ batch }} AS b
        WHERE verdict = 'accepted' AND business_key NOT IN (SELECT business_key FROM {{ contested }}) {{ not_duplicate }}
        UNION ALL
        -- a newer version, and the one that it replaces
        SELECT head_plant, '', head_days, head_is_open, head_day FROM {{ contested }} WHERE is_newer
        UNION ALL
        SELECT known_plant, '', known_days, known_is_open, known_day FROM {{ contested }} WHERE is_newer AND is_known
    ),
    {% if model.name == 'confirmations' %}
    -- the other halves of reversals: what the batch cancels, and what the versions that it replaces cancelled
    named AS
    (
        SELECT plant, confirmation, cancelled_counter AS counter
        FROM {{ batch }} AS b
        WHERE verdict = 'accepted' AND cancelled_counter != '' {{ not_duplicate }}
        UNION ALL
        SELECT plant, confirmation, cancelled_counter
        FROM te_staging.confirmations_history
        WHERE business_key IN (SELECT business_key FROM {{ contested }}) AND cancelled_counter != ''
    ),
    cancelled AS
    (
        SELECT business_key
        FROM te_staging.confirmations_history
        WHERE confirmation IN (SELECT confirmation FROM named) AND (plant, confirmation, counter) IN (SELECT plant, confirmation, counter FROM named)
    ),
    {% endif %}
    periods AS (SELECT plant, work_center, covers_from, covers_until FROM te_ops.coverage_periods WHERE model = {model:String}),
    fresh AS
    (
        SELECT plant, if(c.work_center = '', w.work_center, c.work_center) AS work_center, covers_from, covers_until
        FROM {{ covered }} AS c
        LEFT JOIN te_ops.work_centers AS w ON c.plant = w.plant AND c.work_center = ''
    ),
    -- the day of the data horizon bounds what an open interaction reaches
    horizons AS
    (
        SELECT plant, max(covers_until) AS until
        FROM (SELECT plant, covers_until FROM periods UNION ALL SELECT plant, covers_until FROM fresh)
        GROUP BY plant
    ),
    horizon_days AS
    (
        SELECT d.plant AS plant, max(d.production_day) AS production_day
        FROM te_ops.production_days AS d
        INNER JOIN horizons AS h ON d.plant = h.plant
        WHERE d.starts_at < h.until
        GROUP BY d.plant
    )
SELECT plant, production_day, 'versions' AS why
FROM (SELECT DISTINCT plant, arrayJoin(days) AS production_day FROM reaching)
{% if model.name == 'confirmations' %}
UNION ALL
SELECT DISTINCT plant, arrayJoin(days), 'reversal'
FROM (SELECT any(plant) AS plant, argMax(production_days, version) AS days FROM te_staging.confirmations_keys WHERE business_key IN (cancelled) GROUP BY business_key)
{% endif %}
{% if model.name == 'interactions' %}
UNION ALL
SELECT DISTINCT r.plant, d.production_day, 'horizon'
FROM (SELECT plant, min(production_day) AS first FROM reaching WHERE is_open GROUP BY plant) AS r
INNER JOIN te_ops.production_days AS d ON d.plant = r.plant
INNER JOIN horizon_days AS h ON h.plant = r.plant
WHERE d.production_day BETWEEN r.first AND h.production_day
UNION ALL
-- days that the batch covers and no single earlier period did, and the days that the horizon passes
SELECT DISTINCT f.plant, d.production_day, 'coverage'
FROM
(
    SELECT f.plant AS plant, f.work_center AS work_center, f.covers_until AS covers_until,
           if(p.until IS NOT NULL AND p.until < f.covers_from, p.until, f.covers_from) AS covers_from
    FROM fresh AS f
    LEFT JOIN (SELECT plant, work_center, toNullable(max(covers_until)) AS until FROM periods GROUP BY plant, work_center) AS p
        ON f.plant = p.plant AND f.work_center = p.work_center
) AS f
INNER JOIN te_ops.production_days AS d ON d.plant = f.plant
LEFT JOIN
(
    SELECT p.plant AS plant, p.work_center AS work_center, groupArray((p.covers_from, p.covers_until)) AS spans
    FROM periods AS p
    GROUP BY p.plant, p.work_center
) AS e ON e.plant = f.plant AND e.work_center = f.work_center
WHERE d.starts_at < f.covers_until AND d.ends_at > f.covers_from
  {% if not resumed %}
  AND NOT arrayExists(span -> span.1 <= greatest(d.starts_at, f.covers_from) AND span.2 >= least(d.ends_at, f.covers_until), e.spans)
  {% endif %}
{% endif %}
