-- Availability outside 0 … 1, or given although nobody delivered. One row per production day that has such rows.
SELECT
    production_day, count(),
    any(format('{}/{}/{}: availability {}, coverage {}', plant, work_center, shift, toString(availability), toString(coverage)))
FROM {{ availability }}
WHERE production_day BETWEEN {first:Date} AND {last:Date}
  AND (availability NOT BETWEEN 0 AND 1 OR availability IS NOT NULL AND coverage = 'none')
GROUP BY production_day
ORDER BY production_day
