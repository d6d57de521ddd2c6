-- The lines of one contract in the given ranges of raw (or of a table like it), typed, with version, content hash and verdict. One row per raw line.
WITH lines AS
(
    SELECT * FROM {{ lines }}
    WHERE ({{ ranges }}) AND contract = {contract:String}
)
SELECT
    topic_id, partition, offset, line, file_sha256, sheet, row, contract, exported_at,
    least(exported_at, kafka_time) AS known_at,
    if(verdict = 'rejected', t.payload, '') AS payload,
    business_key,
    {{ model.typed | join(', ') }},
    assumeNotNull(production_day) AS production_day, production_days, faults, notes, skip,
    {{ 'ended_at IS NULL' if model.name == 'interactions' else 'false' }} AS is_open,
    CAST(
        (coalesce(changed_at, exported_at), exported_at, multiIf(file_sha256 != '', file_sha256, event_id != '', event_id, hex(sipHash64(t.payload))), sheet, row),
        'Tuple(changed_at DateTime64(3, \'UTC\'), exported_at DateTime64(3, \'UTC\'), origin String, sheet String, row UInt32)'
    ) AS version,
    cityHash64(tuple({{ model.typed | join(', ') }})) AS content_hash,  -- of a tuple: a NULL argument of its own would make every hash 0
    multiIf(skip != '', 'skipped', notEmpty(faults), 'rejected', 'accepted') AS verdict
FROM
(
    {{ typing }}
) AS t
