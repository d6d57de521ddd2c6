-- What each work center did, as a sequence without gaps that covers each production day. One row per stretch of one state and stop.
-- An instant has the state of the span that it counts for (parts/swept.sql); where there is none, nothing was logged:
-- production if a confirmation was executed, else unexplained.
INSERT INTO {{ shadow }}
(
    plant, work_center, production_day, shift, started_at, ended_at, state, reason_code, interaction_id, refreshed_at, run_id
)
WITH
-- the ranks that hold from each bound of a window on; the window itself begins with none
changes AS
(
    SELECT
        c.cell AS cell, c.ends AS ends,
        arrayPushFront(s.instants, c.starts) AS instants, arrayPushFront(s.winners, 0) AS ranks
    FROM {{ cells }} AS c
    LEFT JOIN {{ swept }} AS s ON c.cell = s.cell
    WHERE c.shift != '' AND NOT c.of_line AND c.starts < c.ends
),
segments AS
(
    SELECT cell, segment.1 AS starts, segment.2 AS ends, segment.3 AS rank
    FROM
    (
        SELECT
            cell,
            arrayFilter(segment -> segment.1 < segment.2, arrayMap(
                (from, to, rank) -> (from, to, toUInt64(rank)),
                instants, arrayPushBack(arrayPopFront(instants), ends), arrayResize(ranks, length(instants), 0)
            )) AS found
        FROM changes
    )
    ARRAY JOIN found AS segment
),
named AS
(
    SELECT
        s.cell AS cell, s.starts AS starts, s.ends AS ends, s.rank AS rank, p.interaction_id AS interaction_id,
        if(s.rank = 9, '', p.reason_code) AS reason_code, if(s.rank = 9, '', p.business_key) AS business_key
    FROM segments AS s
    ASOF LEFT JOIN
    (
        SELECT cell, toUInt64(rank) AS rank, from_instant, interaction_id, reason_code, business_key
        FROM {{ swept }}
        ARRAY JOIN ranks AS rank, from_instants AS from_instant, ends AS piece_ends, interaction_id, reason_code, business_key
        WHERE from_instant < piece_ends
    ) AS p ON s.cell = p.cell AND s.rank = p.rank AND s.starts >= p.from_instant
),
-- a stretch begins where anything differs from what was before
stretches_of_state AS
(
    SELECT cell, rank, reason_code, interaction_id, min(starts) AS starts, max(ends) AS ends
    FROM
    (
        SELECT *, sum(is_change) OVER (PARTITION BY cell ORDER BY starts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS stretch
        FROM
        (
            SELECT
                *,
                (rank, reason_code, business_key) != lagInFrame((rank, reason_code, business_key), 1, (toUInt64(99), '', '')) OVER
                (
                    PARTITION BY cell ORDER BY starts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                ) AS is_change
            FROM named
        )
    )
    GROUP BY cell, stretch, rank, reason_code, interaction_id
)
SELECT
    c.plant, c.work_center, c.production_day, c.shift,
    fromUnixTimestamp64Milli(s.starts, 'UTC'), fromUnixTimestamp64Milli(s.ends, 'UTC'),
    transform(s.rank, [1, 2, 3, 4, 5, 6, 7, 8, 9], ['planned', 'planned', 'technical', 'organisational', 'other', 'unclassified', 'setup', 'short_stop', 'production'],
        if(c.covered = 0, 'no_data', 'unexplained')) AS state,
    s.reason_code, s.interaction_id, now64(3, 'UTC'), {run_id:String}
FROM stretches_of_state AS s
INNER JOIN {{ cells }} AS c ON s.cell = c.cell
UNION ALL
SELECT
    plant, work_center, production_day, NULL, fromUnixTimestamp64Milli(starts, 'UTC'), fromUnixTimestamp64Milli(ends, 'UTC'),
    if(starts >= data_until, 'no_data', 'outside_calendar'), '', '', now64(3, 'UTC'), {run_id:String}
FROM {{ cells }}
WHERE shift = '' AND starts < ends
