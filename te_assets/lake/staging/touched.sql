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
    -- orders that were known before, and the newest versions of their confirmations, before the batch and with it
    orders AS
    (
        SELECT DISTINCT order_id
        FROM te_staging.confirmations_history
        WHERE order_id IN (SELECT order_id FROM {{ batch }} AS b WHERE verdict = 'accepted' {{ not_duplicate }})
           OR business_key IN (SELECT business_key FROM {{ contested }})
    ),
    confirmed AS
    (
        SELECT
            argMaxIf((plant, order_id, operation, is_tombstone), (version, content_hash, contract), NOT is_batch) AS before,
            argMax((plant, order_id, operation, is_tombstone), (version, content_hash, contract)) AS after,
            argMaxIf(production_day, (version, content_hash, contract), NOT is_batch) AS day,
            countIf(NOT is_batch) > 0 AS is_known
        FROM
        (
            SELECT plant, order_id, operation, is_tombstone, business_key, version, content_hash, contract, production_day, false AS is_batch
            FROM te_staging.confirmations_history
            WHERE business_key IN (SELECT business_key FROM te_staging.confirmations_history WHERE order_id IN (orders)) AND NOT is_superseded AND {{ counting }}
            {% if resumed %}
              AND (business_key, version) NOT IN (SELECT business_key, version FROM {{ batch }} WHERE verdict = 'accepted')
            {% endif %}
            UNION ALL
            SELECT plant, order_id, operation, false, business_key, version, content_hash, contract, production_day, true
            FROM {{ batch }} AS b
            WHERE verdict = 'accepted' AND (order_id IN (orders) OR business_key IN (SELECT business_key FROM {{ contested }})) {{ not_duplicate }}
        )
        GROUP BY business_key
    ),
    {% endif %}
    periods AS (SELECT plant, work_center, covers_from, covers_until FROM te_ops.coverage_periods WHERE model = {model:String}),
    {% if resumed %}
    -- a killed attempt may have written what the batch covers: the horizon before it is that of the others
    earlier AS
    (
        SELECT c.plant AS plant, if(c.work_center = '', w.work_center, c.work_center) AS work_center, c.covers_until AS covers_until
        FROM te_ops.coverage AS c
        LEFT JOIN te_ops.work_centers AS w ON c.plant = w.plant AND c.work_center = ''
        WHERE c.model = {model:String}
          AND (c.file_sha256, c.contract) NOT IN (SELECT file_sha256, contract FROM {{ covered }})
          AND c.file_sha256 NOT IN (SELECT file_sha256 FROM te_ops.retracted_files)
          AND (c.file_sha256, c.contract) NOT IN (SELECT file_sha256, contract FROM te_ops.superseded_publications)
    ),
    {% else %}
    earlier AS (SELECT plant, work_center, covers_until FROM periods),
    {% endif %}
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
FROM (SELECT any(plant) AS plant, argMax(k.production_days, k.version) AS days FROM te_staging.confirmations_keys AS k WHERE business_key IN (cancelled) AND {{ counting_keys }} GROUP BY business_key)
UNION ALL
-- days of an order that gets another first or last operation
SELECT DISTINCT plant, arrayJoin(days), 'orders'
FROM
(
    SELECT
        seen.1 AS plant, seen.2 AS order_id, groupUniqArrayIf(day, is_before) AS days,
        maxIf((toUInt64OrZero(seen.3), seen.3), is_before AND NOT seen.4) AS last_before,
        maxIf((toUInt64OrZero(seen.3), seen.3), NOT is_before AND NOT seen.4) AS last_after,
        minIf((toUInt64OrZero(seen.3), seen.3), is_before AND NOT seen.4) AS first_before,
        minIf((toUInt64OrZero(seen.3), seen.3), NOT is_before AND NOT seen.4) AS first_after
    FROM
    (
        SELECT before AS seen, day, true AS is_before FROM confirmed WHERE is_known
        UNION ALL
        SELECT after, day, false FROM confirmed
    )
    GROUP BY plant, order_id
    HAVING last_before.2 != '' AND (last_before != last_after OR first_before != first_after)
)
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
    LEFT JOIN (SELECT plant, work_center, toNullable(max(covers_until)) AS until FROM earlier GROUP BY plant, work_center) AS p
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
