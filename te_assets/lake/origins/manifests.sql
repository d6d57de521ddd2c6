-- What publications tell of the workbooks {hashes:Array(String)}, the newest last. One row per publication.
SELECT sha256, name, manifest
FROM te_ops.files
WHERE sha256 IN {hashes:Array(String)} AND manifest != ''
ORDER BY at
