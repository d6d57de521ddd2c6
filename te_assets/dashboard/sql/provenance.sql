-- A page of the rows that a figure counts, with where they stand. One row per stop, production day and shift, or per confirmation.
{% if converts %}
WITH {% include 'parts/conversions.sql' %}

{% endif %}
SELECT
    m.plant AS plant, m.work_center AS work_center, m.production_day AS production_day, m.shift AS shift,
    {% if of_stops %}
    concat(m.reason_code, ' · ', m.interaction_id) AS what,
    m.started_at AS started_at, m.ended_at AS ended_at, m.attributed_seconds AS attributed_seconds,
    NULL AS good_qty, NULL AS scrap_qty, NULL AS rework_qty, NULL AS unit,
    {% else %}
    concat(m.material, ' · ', m.operation, ' · ', m.order_id) AS what,
    m.started_at AS started_at, m.finished_at AS ended_at, NULL AS attributed_seconds,
    m.good_qty AS good_qty, m.scrap_qty AS scrap_qty, m.rework_qty AS rework_qty, m.unit AS unit, m.contract AS contract,
    {% endif %}
    m.business_key AS business_key, m.file_sha256 AS file_sha256, m.sheet AS sheet, m.row AS row,
    concat(toString(m.topic_id), '/', toString(m.partition), '/', toString(m.offset), '/', toString(m.line)) AS raw
{% include 'parts/sources.sql' %}
ORDER BY
    m.production_day, m.plant, m.work_center,
    {{ 'm.started_at, m.business_key, m.ended_at' if of_stops else 'm.material, m.operation, m.business_key, m.topic_id, m.partition, m.offset, m.line' }}
LIMIT {limit:UInt32} OFFSET {offset:UInt32}
