-- Rejected rows that came back repaired: an accepted row says which one it was. The lines of the rejected row say so from now on.
INSERT INTO te_staging.rejected_rows
SELECT r.* REPLACE (b.file_sha256 AS resolved_by_file, now64(3, 'UTC') AS rejected_at)
FROM (SELECT * FROM te_staging.rejected_rows FINAL WHERE model = {model:String}) AS r
INNER JOIN
(
    SELECT repaired, any(file_sha256) AS file_sha256
    FROM
    (
        SELECT file_sha256, topic_id, partition, offset, line, JSONExtractString(payload, '_extra', {header:String}) AS repaired
        FROM te_raw.{{ model.name }} FINAL
        WHERE ({{ ranges }}) AND file_sha256 IN {files:Array(String)}
    )
    WHERE repaired != ''
      AND (topic_id, partition, offset, line) IN (SELECT topic_id, partition, offset, line FROM {{ batch }} WHERE verdict = 'accepted')
    GROUP BY repaired
) AS b ON b.repaired = concat(r.file_sha256, '/', r.sheet, '/', toString(r.row))
