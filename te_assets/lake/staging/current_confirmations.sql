-- The newest version of each confirmation, with the shift in whose window it ended; reversed as well if another one cancels it, in
-- whatever file and on whatever day that came. One row per business key.
-- A stamp on a boundary closes the window that ends there: the window is the one that begins before it.
{% set among %}
SELECT plant, confirmation, counter FROM te_staging.confirmations_history WHERE production_day BETWEEN {first:Date} AND {last:Date}
{%- endset %}
INSERT INTO {{ shadow }}
(
    {{ model.typed | join(', ') }}, shift,
    production_day, exported_at, version, file_sha256, sheet, row, contract, topic_id, partition, offset, line, business_key
)
SELECT
    {% for column in model.typed %}
    {% if column == 'is_reversed' %}
    h.is_reversed OR (h.plant, h.confirmation, h.counter) IN ({% include 'staging/cancelled.sql' %}),
    {% else %}
    h.{{ column }},
    {% endif %}
    {% endfor %}
    if(w.shift != '' AND h.ended <= w.ends_at, w.shift, NULL) AS shift,
    h.production_day, h.exported_at, h.version, h.file_sha256, h.sheet, h.row, h.contract, h.topic_id, h.partition, h.offset, h.line, h.business_key
FROM (SELECT *, coalesce(finished_at, entered_at, toDateTime64(0, 3, 'UTC')) AS ended FROM ({{ newest }})) AS h
ASOF LEFT JOIN
(
    SELECT plant, work_center, shift, starts_at, ends_at
    FROM te_ops.shift_windows
    WHERE production_day BETWEEN {first:Date} AND {last:Date}
) AS w ON h.plant = w.plant AND h.work_center = w.work_center AND h.ended > w.starts_at
