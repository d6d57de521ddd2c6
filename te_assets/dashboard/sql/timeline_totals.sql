-- Time of machines in each state, seconds, from the states themselves. One row per machine and state.
SELECT m.plant AS plant, m.work_center AS work_center, m.state AS state, sum(dateDiff('millisecond', m.started_at, m.ended_at)) / 1000 AS seconds
FROM {{ mart }} AS m
WHERE {% include 'parts/states_where.sql' +%}
GROUP BY m.plant, m.work_center, m.state
ORDER BY plant, work_center, state
