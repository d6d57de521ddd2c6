-- Accepted lines of the publications {publications:Array(String)}, each once however often it was written. One row per publication.
{% for model in ('interactions', 'confirmations') %}
SELECT concat(file_sha256, '@', contract) AS publication, uniqExact(topic_id, partition, offset, line) AS accepted
FROM te_staging.{{ model }}_history
WHERE file_sha256 IN {hashes:Array(String)} AND concat(file_sha256, '@', contract) IN {publications:Array(String)} AND NOT is_tombstone
GROUP BY publication
{{ 'UNION ALL' if not loop.last }}
{% endfor %}
