-- Names of delivered files. One row per file: the name under which it came last.
SELECT f.sha256 AS sha256, argMax(f.name, f.at) AS name
FROM te_ops.files AS f
WHERE f.sha256 IN {hashes:Array(String)} AND f.name != ''
GROUP BY f.sha256
