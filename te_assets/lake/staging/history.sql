-- Accepted versions, and a superseded line where a newer version left a production day. One row per version and production day.
{% macro columns(table) %}
    {% for column in model.typed %}{{ table }}.{{ column }}, {% endfor %}
{% endmacro %}
INSERT INTO te_staging.{{ model.name }}_history
(
    {{ model.typed | join(', ') }},
    {% if model.name == 'interactions' %}is_open, logged_seconds, {% endif %}
    production_day, exported_at, version, file_sha256, sheet, row, contract, topic_id, partition, offset, line,
    source, business_key, content_hash, is_tombstone, is_superseded
)
SELECT
    {{ columns('b') }}
    {% if model.name == 'interactions' %}b.is_open, {{ logged_seconds }}, {% endif %}
    b.production_day, b.exported_at, b.version, b.file_sha256, b.sheet, b.row, b.contract, b.topic_id, b.partition, b.offset, b.line,
    splitByChar('@', b.contract)[1], b.business_key, b.content_hash, false,
    c.business_key != '' AND b.version < c.newest_version AND b.production_day != c.newest_day
FROM {{ batch }} AS b
LEFT JOIN {{ contested }} AS c ON b.business_key = c.business_key
WHERE b.verdict = 'accepted' {{ not_duplicate }}
UNION ALL
SELECT
    {{ columns('b') }}
    {% if model.name == 'interactions' %}b.is_open, {{ logged_seconds }}, {% endif %}
    c.known_day, b.exported_at, b.version, b.file_sha256, b.sheet, b.row, b.contract, b.topic_id, b.partition, b.offset, b.line,
    splitByChar('@', b.contract)[1], b.business_key, b.content_hash, false, true
FROM {{ batch }} AS b
INNER JOIN {{ contested }} AS c ON b.business_key = c.business_key
WHERE b.verdict = 'accepted' {{ not_duplicate }}
  AND c.is_known AND c.is_newer AND b.version = c.head_version AND c.known_day != c.head_day
