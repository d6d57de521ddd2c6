-- Copies of marts in monthly partitions, for readers of long ranges: opening a partition per day takes longer than reading it.
-- A day counts there as long as swapped_at is its newest swap (te_ops.swaps); else te_marts.<mart> has it alone.
{% for mart, key in {
    'availability': 'plant, work_center, production_day, shift',
    'availability_line': 'plant, line, production_day, shift',
    'downtime_reasons': 'plant, work_center, production_day, shift, reason_class, reason_code',
    'scrap_rate': 'plant, work_center, production_day, material, operation, unit',
    'scrap_reasons': 'plant, work_center, production_day, material, unit, scrap_reason_code',
}.items() %}
CREATE TABLE IF NOT EXISTS te_marts.{{ mart }}_months AS te_marts.{{ mart }} ENGINE = MergeTree PARTITION BY toYYYYMM(production_day) ORDER BY ({{ key }});
ALTER TABLE te_marts.{{ mart }}_months ADD COLUMN IF NOT EXISTS swapped_at DateTime64(6, 'UTC') COMMENT 'Newest swap of the day (te_ops.swaps) when it was copied, UTC';
ALTER TABLE te_marts.{{ mart }}_months MODIFY COMMENT 'Copy of te_marts.{{ mart }} by month; days swapped since do not count';
{% endfor %}

-- Production days whose newest swap the monthly copy of their mart does not have, with that swap (1970: none is known). A day that is empty in both is none.
CREATE OR REPLACE VIEW te_ops.not_gathered SQL SECURITY DEFINER AS
{% for mart in ('availability', 'availability_line', 'downtime_reasons', 'scrap_rate', 'scrap_reasons') %}
SELECT '{{ mart }}' AS mart, s.production_day AS production_day, s.swapped_at AS swapped_at
FROM
(
    SELECT production_day, max(at) AS swapped_at, argMax(rows, at) AS rows
    FROM te_ops.swaps
    WHERE table = 'te_marts.{{ mart }}'
    GROUP BY production_day
) AS s
LEFT JOIN (SELECT production_day, any(swapped_at) AS swapped_at FROM te_marts.{{ mart }}_months GROUP BY production_day) AS c
    ON s.production_day = c.production_day
WHERE s.swapped_at != c.swapped_at AND NOT (s.rows = 0 AND c.swapped_at = toDateTime64(0, 6, 'UTC'))
UNION ALL
-- Days that came another way than by a swap.
SELECT DISTINCT '{{ mart }}', _partition_value.1 AS day, toDateTime64(0, 6, 'UTC')
FROM te_marts.{{ mart }}
WHERE day NOT IN (SELECT production_day FROM te_ops.swaps WHERE table = 'te_marts.{{ mart }}')
{{ ';' if loop.last else 'UNION ALL' }}
{% endfor %}
