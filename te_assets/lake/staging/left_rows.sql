-- Rows that a snapshot does not have any more: the newest version before it stands on a production day that it is complete for, in its
-- scope. One row per snapshot and business key: the row itself, and the version of its tombstone.
WITH
    lookup AS
    (
        SELECT s.*, (exported_at, exported_at, file_sha256, '', toUInt32(0)) AS tombstone_version
        FROM (SELECT * FROM te_ops.snapshots FINAL UNION ALL SELECT *, now64(3, 'UTC') FROM {{ fresh }}) AS s
        WHERE model = {model:String} AND {{ counting }}
          AND arrayExists(day -> day BETWEEN first_day AND last_day, {days:Array(Date)})
    ),
    standing AS
    (
        SELECT
            s.file_sha256 AS snapshot_sha256, s.contract AS snapshot_contract, any(s.exported_at) AS snapshot_exported_at,
            h.business_key AS business_key, h.production_day AS production_day,
            max(h.version) AS version,
            argMax((h.is_superseded, h.is_tombstone), (h.version, h.content_hash, h.contract, NOT h.is_superseded)) AS marks
        FROM
        (
            SELECT source, plant, work_center, business_key, production_day, version, content_hash, contract, is_superseded, is_tombstone
            FROM te_staging.{{ model.name }}_history
            WHERE production_day BETWEEN (SELECT min(first_day) FROM lookup) AND (SELECT max(last_day) FROM lookup)
              AND source IN (SELECT source FROM lookup) AND {{ counting }}
        ) AS h
        INNER JOIN lookup AS s ON h.source = s.source AND h.plant = s.plant
        WHERE h.production_day BETWEEN s.first_day AND s.last_day AND (s.work_center = '' OR h.work_center = s.work_center)
          AND h.version < s.tombstone_version
        GROUP BY s.file_sha256, s.contract, h.business_key, h.production_day
        HAVING NOT marks.1 AND NOT marks.2
    )
SELECT
    snapshot_sha256, snapshot_contract, snapshot_exported_at, business_key, production_day, version
FROM standing AS l
WHERE (snapshot_sha256, business_key) NOT IN
(
    SELECT file_sha256, business_key
    FROM te_staging.{{ model.name }}_history
    WHERE file_sha256 IN (SELECT file_sha256 FROM lookup)
)
