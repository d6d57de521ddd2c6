-- Interactions of every class, cut at production days and shift windows. One row per interaction, production day and shift;
-- shift NULL where no window is planned or the data horizon is passed, one row per such piece of the day.
INSERT INTO {{ shadow }}
(
    plant, work_center, production_day, shift, interaction_id, reason_class, reason_code, reason_text, started_at, ended_at,
    attributed_seconds, starts_here, is_open, is_short, business_key, file_sha256, sheet, row, topic_id, partition, offset, line,
    refreshed_at, run_id
)
SELECT
    c.plant, c.work_center, c.production_day, if(c.shift = '', NULL, c.shift),
    a.interaction_id, a.class, a.reason_code, a.reason_text,
    fromUnixTimestamp64Milli(a.piece_starts, 'UTC'), fromUnixTimestamp64Milli(a.piece_ends, 'UTC'),
    toDecimal64(a.milliseconds, 3) / 1000, a.starts_here, a.is_open, a.is_short,
    a.business_key, a.file_sha256, a.sheet, a.row, a.topic_id, a.partition, a.offset, a.line,
    now64(3, 'UTC'), {run_id:String}
FROM
(
    SELECT
        cell, milliseconds, piece_starts, piece_ends, interaction_id, class, reason_code, reason_text, starts_here, is_open, is_short,
        business_key, file_sha256, sheet, row, topic_id, partition, offset, line
    FROM {{ swept }}
    ARRAY JOIN
        ranks AS rank, milliseconds, starts AS piece_starts, ends AS piece_ends, interaction_id, class, reason_code, reason_text,
        starts_here, is_open, is_short, business_key, file_sha256, sheet, row, topic_id, partition, offset, line
    WHERE rank NOT IN (2, 9)
) AS a
INNER JOIN {{ cells }} AS c ON a.cell = c.cell
WHERE NOT c.of_line
