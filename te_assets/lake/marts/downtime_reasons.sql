-- Seconds and stops per plant, work center, production day, shift, class and reason. One row where a reason has seconds or stops.
-- Attributed seconds add up to PLAN, DOWN and SETUP of te_marts.availability; short stops that the site counts as performance
-- loss are in neither, they have stops and logged seconds alone. Breaks that no planned stop covers are reason (break).
INSERT INTO {{ shadow }}
(
    plant, work_center, production_day, shift, reason_class, reason_code, attributed_seconds, logged_seconds, stops,
    refreshed_at, run_id
)
SELECT
    c.plant, c.work_center, c.production_day, c.shift, r.class, r.reason_code,
    toDecimal64(r.attributed, 3) / 1000, toDecimal64(r.logged_here, 3) / 1000, r.stops,
    now64(3, 'UTC'), {run_id:String}
FROM
(
    SELECT
        cell, class, reason_code,
        sumIf(milliseconds, rank != 8) AS attributed,
        sumIf(logged, starts_here) AS logged_here,
        countIf(starts_here) AS stops
    FROM {{ swept }}
    ARRAY JOIN ranks AS rank, milliseconds, class, reason_code, logged, starts_here
    WHERE rank < 9
    GROUP BY cell, class, reason_code
    HAVING attributed > 0 OR stops > 0
) AS r
INNER JOIN {{ cells }} AS c ON r.cell = c.cell
WHERE NOT c.of_line
