-- Production days whose figures change with whether a publication counts. One row per plant, production day and cause.
WITH
    coverage AS
    (
        SELECT plant, min(covers_from) AS covers_from, max(covers_until) AS covers_until
        FROM te_ops.coverage
        WHERE model = {model:String} AND file_sha256 = {sha256:String} AND ({contract:String} = '' OR contract = {contract:String})
        GROUP BY plant
    ),
    -- up to where anything else covers: what lies behind loses or gets its horizon
    others AS (SELECT plant, max(covers_until) AS until FROM te_ops.coverage_periods WHERE model = {model:String} GROUP BY plant),
    horizons AS
    (
        SELECT plant, max(until) AS until
        FROM (SELECT plant, covers_until AS until FROM coverage UNION ALL SELECT plant, until FROM others)
        GROUP BY plant
    )
SELECT arrayJoin(plants) AS plant, arrayJoin(days) AS production_day, 'correction' AS why FROM {{ changed }}
UNION DISTINCT
SELECT other_plant, arrayJoin(other_days), 'correction' FROM {{ changed }} WHERE has_other
{% if model.name == 'interactions' %}
UNION DISTINCT
SELECT d.plant, d.production_day, 'horizon'
FROM te_ops.production_days AS d
INNER JOIN
(
    SELECT plant, min(day) AS first
    FROM
    (
        SELECT arrayJoin(plants) AS plant, arrayJoin(open_days) AS day FROM {{ changed }}
        UNION ALL
        SELECT other_plant, other_day FROM {{ changed }} WHERE has_other AND other_is_open
    )
    GROUP BY plant
) AS o ON d.plant = o.plant
INNER JOIN horizons AS h ON d.plant = h.plant
WHERE d.production_day >= o.first AND d.starts_at < h.until
UNION DISTINCT
SELECT d.plant, d.production_day, 'coverage'
FROM te_ops.production_days AS d
INNER JOIN coverage AS c ON d.plant = c.plant
LEFT JOIN others AS o ON d.plant = o.plant
WHERE d.starts_at < c.covers_until AND d.ends_at > if(o.plant = '', c.covers_from, least(c.covers_from, o.until))
{% else %}
UNION DISTINCT
SELECT plant, arrayJoin(production_days), 'reversal'
FROM te_staging.confirmations_keys
WHERE business_key IN
(
    SELECT business_key
    FROM te_staging.confirmations_history
    WHERE (plant, confirmation, counter) IN
    (
        SELECT plant, confirmation, cancelled_counter
        FROM te_staging.confirmations_history
        WHERE business_key IN (SELECT business_key FROM {{ changed }}) AND cancelled_counter != ''
    )
)
UNION DISTINCT
SELECT plant, arrayJoin(production_days), 'orders'
FROM te_staging.confirmations_keys
WHERE business_key IN
(
    SELECT business_key
    FROM te_staging.confirmations_history
    WHERE (plant, order_id) IN (SELECT plant, order_id FROM te_staging.confirmations_history WHERE business_key IN (SELECT business_key FROM {{ changed }}))
)
{% endif %}
