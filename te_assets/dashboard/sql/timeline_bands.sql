-- Scheduled shifts of machines, milliseconds UTC. One row each.
SELECT w.plant AS plant, w.work_center AS work_center, w.shift AS shift, toUnixTimestamp64Milli(w.starts_at) AS start, toUnixTimestamp64Milli(w.ends_at) AS end
FROM te_ops.shift_windows AS w
WHERE {% include 'parts/where.sql' +%}
ORDER BY plant, work_center, start
