-- What the batch covers: the declared period of its publications, else from the first start to the last end of their accepted rows.
-- A period that was declared beyond its export is covered up to the export, or to the last end if that is later: nobody knows yet what comes.
-- One row per publication, plant and work center (empty: all of the plant).
{% if model.name == 'interactions' %}
{% set started, ended = 'assumeNotNull(started_at)', 'coalesce(ended_at, assumeNotNull(started_at))' %}
{% else %}
{% set started, ended = 'coalesce(started_at, finished_at, entered_at, known_at)', 'coalesce(finished_at, entered_at, started_at, known_at)' %}
{% endif %}
WITH
    declared AS
    (
        SELECT sha256, contract, any(toDate(JSONExtractString(manifest, 'period', 1))) AS first, any(toDate(JSONExtractString(manifest, 'period', 2))) AS last
        FROM te_ops.files
        WHERE state = 'PUBLISHED' AND JSONType(manifest, 'period') = 'Array'
          AND sha256 IN (SELECT DISTINCT file_sha256 FROM {{ batch }})
        GROUP BY sha256, contract
    )
SELECT
    {model:String} AS model, splitByChar('@', contract)[1] AS source, file_sha256, contract, plant, '' AS work_center,
    min(d.starts_at) AS covers_from, least(max(d.ends_at), max(b.known_until)) AS covers_until, 'declared' AS origin
FROM
(
    SELECT file_sha256, contract, plant, max(greatest(exported_at, {{ ended }})) AS known_until
    FROM {{ batch }}
    WHERE verdict = 'accepted'
    GROUP BY file_sha256, contract, plant
) AS b
INNER JOIN declared AS p ON b.file_sha256 = p.sha256 AND b.contract = p.contract
INNER JOIN te_ops.production_days AS d ON d.plant = b.plant
WHERE d.production_day BETWEEN p.first AND p.last
GROUP BY file_sha256, contract, plant
HAVING covers_until > covers_from
UNION ALL
SELECT
    {model:String}, splitByChar('@', contract)[1], file_sha256, contract, plant, work_center,
    min(started_at_), max(greatest(ended_at_, if(file_sha256 = '', known_at, ended_at_))), if(file_sha256 = '', 'events', 'rows')
FROM
(
    SELECT file_sha256, contract, plant, work_center, known_at, {{ started }} AS started_at_, {{ ended }} AS ended_at_
    FROM {{ batch }}
    WHERE verdict = 'accepted' AND (file_sha256, contract) NOT IN (SELECT sha256, contract FROM declared)
)
GROUP BY file_sha256, contract, plant, work_center
