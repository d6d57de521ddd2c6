-- The newest publications of workbooks, with what became of their lines. One row per publication.
-- Accepted lines are counted by their keys, which are one narrow table: history has a partition per day. A key that was written
-- twice after a kill counts twice until it is merged: `recount.sql` counts what does not add up here exactly, from history.
WITH
    newest AS
    (
        SELECT
            sha256, contract, argMax(f.name, f.at) AS name, argMax(f.model, f.at) AS model, argMax(toString(f.state), (f.at, f.state)) AS state,
            max(f.at) AS at, argMax(f.reason, f.at) AS reason,
            argMaxIf(f.rows_read, f.at, f.state = 'PUBLISHED') AS rows_read, argMaxIf(f.rows_published, f.at, f.state = 'PUBLISHED') AS rows_published,
            count() OVER () AS total
        FROM te_ops.files AS f
        WHERE f.contract != ''
        GROUP BY sha256, contract
        HAVING countIf(f.state = 'PUBLISHED') > 0
        ORDER BY at DESC, sha256, contract
        LIMIT {limit:UInt32}
    ),
    typed AS
    (
        SELECT
            file_sha256, contract, sumIf(lines, verdict = 'accepted') AS accepted, uniqExactIf(position, verdict = 'rejected') AS rejected,
            uniqExactIf(position, verdict = 'skipped') AS skipped, uniqExactIf(position, verdict = 'duplicate') AS duplicates
        FROM
        (
            {% for model in ('interactions', 'confirmations') %}
            SELECT
                substringIndex(publication, '@', 1) AS file_sha256, substring(publication, length(file_sha256) + 2) AS contract,
                'accepted' AS verdict, count() AS lines, 0 AS position
            FROM te_staging.{{ model }}_keys
            WHERE publication IN (SELECT concat(sha256, '@', contract) FROM newest) AND notEmpty(production_days) -- else a tombstone
            GROUP BY publication
            UNION ALL
            {% endfor %}
            SELECT toString(file_sha256), toString(contract), 'rejected', 1, sipHash64(topic_id, partition, offset, line)
            FROM te_staging.rejected_rows
            WHERE file_sha256 IN (SELECT sha256 FROM newest)
            UNION ALL
            SELECT toString(file_sha256), toString(contract), toString(why), 1, sipHash64(topic_id, partition, offset, line)
            FROM te_staging.set_aside_rows
            WHERE file_sha256 IN (SELECT sha256 FROM newest)
        )
        GROUP BY file_sha256, contract
    )
SELECT
    n.sha256 AS file_sha256, n.name AS file_name, n.model AS model, n.contract AS contract,
    multiIf(r.file_sha256 != '', 'RETRACTED', s.file_sha256 != '', 'SUPERSEDED', n.state) AS state,
    n.at AS at, if(r.file_sha256 != '', r.reason, n.reason) AS reason, n.rows_read AS rows_read,
    t.accepted AS accepted, t.rejected AS rejected, t.skipped AS skipped, t.duplicates AS duplicates,
    abs(toInt64(n.rows_read) - toInt64(n.rows_published)) + abs(toInt64(n.rows_published) - toInt64(t.accepted + t.rejected + t.skipped + t.duplicates)) AS difference,
    n.rows_published AS rows_published,
    n.at > now64(6, 'UTC') - toIntervalMinute({grace:UInt32}) AS is_under_way,
    n.total AS total
FROM newest AS n
LEFT JOIN typed AS t ON n.sha256 = t.file_sha256 AND n.contract = t.contract
LEFT JOIN te_ops.retracted_files AS r ON n.sha256 = r.file_sha256
LEFT JOIN te_ops.superseded_publications AS s ON n.sha256 = s.file_sha256 AND n.contract = s.contract
ORDER BY at DESC, file_sha256, contract
