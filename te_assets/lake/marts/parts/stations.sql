-- The work centers of lines, for one computation. `part` is what is measured: a series line as one machine, of a parallel line each
-- station. One row per work center of a line; the names of parts cannot be those of work centers.
CREATE OR REPLACE TABLE {{ stations }} ENGINE = Memory AS
SELECT
    w.plant AS plant, w.work_center AS work_center, w.line AS line, l.topology AS topology,
    concat('\x01', w.line, if(l.topology = 'series', '', concat('\x01', w.work_center))) AS part
FROM te_ops.work_centers AS w
INNER JOIN te_ops.lines AS l ON w.plant = l.plant AND w.line = l.line
WHERE w.line != ''
