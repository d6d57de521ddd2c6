-- A page of stops: one row per stop, production day and shift.
SELECT
    m.plant AS plant, m.work_center AS work_center, m.production_day AS production_day, m.shift AS shift, m.interaction_id AS interaction_id,
    m.reason_class AS reason_class, m.reason_code AS reason_code, m.reason_text AS reason_text, m.started_at AS started_at, m.ended_at AS ended_at,
    m.attributed_seconds AS attributed_seconds, m.is_open AS is_open, m.is_short AS is_short, m.starts_here AS starts_here,
    m.file_sha256 AS file_sha256, m.sheet AS sheet, m.row AS row
FROM te_marts.stops AS m
WHERE {% include 'parts/stops_where.sql' +%}
ORDER BY {{ order }}
LIMIT {limit:UInt32} OFFSET {offset:UInt64}
