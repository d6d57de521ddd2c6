-- Windows of lines whose parts do not add up to POT, or are negative, or exceed what their stations could do at most.
-- One row per production day that has such windows.
SELECT
    production_day, count(),
    any(format(
        '{}/{}/{}: POT {}, PLAN {}, DOWN {}, SETUP {}, APT {}', plant, line, shift,
        toString(planned_operation_seconds), toString(planned_down_seconds), toString(unplanned_down_seconds),
        toString(setup_seconds), toString(production_seconds)
    ))
FROM {{ availability_line }}
WHERE production_day BETWEEN {first:Date} AND {last:Date}
  AND (
      planned_operation_seconds != planned_down_seconds + unplanned_down_seconds + setup_seconds + production_seconds
      OR planned_busy_seconds != planned_operation_seconds - planned_down_seconds
      OR least(planned_operation_seconds, planned_down_seconds, unplanned_down_seconds, setup_seconds) < 0
      OR least(production_seconds, unexplained_seconds) < 0
      OR technical_down_seconds > unplanned_down_seconds OR unexplained_seconds > production_seconds
      OR greatest(short_stops, open_stops, failures) > stops
      OR availability < 0 OR availability > 1
  )
GROUP BY production_day
ORDER BY production_day
