-- Subtotals and totals of sheets, which are no data, beside what the rows above them add up to. One row per total and quantity.
-- A total may be of any block of rows that begins with the sheet or behind an earlier total; the one that comes closest is compared.
{% if not is_whole %}
-- Files that the batch holds in part are left out: rows above may not be there.
{% endif %}
{% if model.name == 'interactions' %}
{% set quantities = {'exported_duration_seconds': 'coalesce(b.exported_duration_seconds, ' ~ logged_seconds ~ ')'} %}
{% set unit, tolerance = "''", '30 * (1 + block.4)' %}
{% else %}
{% set quantities = {'good_qty': 'b.good_qty', 'scrap_qty': 'b.scrap_qty', 'rework_qty': 'b.rework_qty'} %}
{% set unit, tolerance = 'unit', '0' %}
{% endif %}
WITH
sheets AS
(
    SELECT DISTINCT file_sha256, contract, sheet
    FROM {{ batch }} AS b
    WHERE verdict = 'skipped' AND file_sha256 != '' AND ({% for value in quantities.values() %}ifNull({{ value }}, 0) != 0{{ ' OR ' if not loop.last }}{% endfor %})
),
{% if not is_whole %}
whole AS
(
    SELECT p.file_sha256 AS file_sha256, p.contract AS contract
    FROM
    (
        SELECT file_sha256, contract, count() AS lines
        FROM {{ batch }}
        WHERE file_sha256 IN (SELECT file_sha256 FROM sheets)
        GROUP BY file_sha256, contract
    ) AS p
    INNER JOIN
    (
        SELECT sha256, contract, max(rows_published) AS published
        FROM te_ops.files
        WHERE state = 'PUBLISHED' AND sha256 IN (SELECT file_sha256 FROM sheets)
        GROUP BY sha256, contract
    ) AS f ON p.file_sha256 = f.sha256 AND p.contract = f.contract
    WHERE p.lines = f.published
),
{% endif %}
measured AS
(
    SELECT
        topic_id, partition, offset, line, file_sha256, contract, sheet, row, {{ unit }} AS own_unit,
        verdict = 'skipped' AS is_total, verdict = 'accepted' {{ not_duplicate }} AS counts,
        {% for name, value in quantities.items() %}toDecimal64(ifNull({{ value }}, 0), 3) AS {{ name }}_, {% endfor +%}
        arrayJoin([{% for name in quantities %}('{{ name }}', {{ name }}_){{ ', ' if not loop.last }}{% endfor %}]) AS quantity,
        -- a row adds to the totals of its unit and to those that name none
        arrayJoin(if(is_total OR own_unit = '', [own_unit], [own_unit, ''])) AS of_unit
    FROM {{ batch }} AS b
    WHERE (file_sha256, contract, sheet) IN sheets {{ 'AND (file_sha256, contract) IN whole' if not is_whole }}
      AND (verdict != 'skipped' OR {% for name in quantities %}{{ name }}_ != 0{{ ' OR ' if not loop.last }}{% endfor %})
),
summed AS
(
    SELECT
        *,
        sum(if(counts, quantity.2, 0)) OVER above AS counted,
        sum(if(is_total, 0, quantity.2)) OVER above AS exported,
        countIf(NOT is_total AND NOT counts) OVER above AS left_out,
        countIf(NOT is_total) OVER above AS rows_above
    FROM measured
    WINDOW above AS
    (
        PARTITION BY file_sha256, contract, sheet, of_unit, quantity.1 ORDER BY row, line ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
),
blocks AS
(
    SELECT
        *,
        -- what stood at the start of the sheet and at earlier totals; the last thousand are enough
        groupArray((counted, exported, left_out, rows_above)) OVER
        (
            PARTITION BY file_sha256, contract, sheet, of_unit, quantity.1 ORDER BY row, line ROWS BETWEEN 1000 PRECEDING AND 1 PRECEDING
        ) AS earlier
    FROM summed
    WHERE is_total
)
SELECT
    {model:String} AS model, contract, file_sha256, sheet, row, quantity.1 AS column, of_unit AS unit, quantity.2 AS says,
    block.1 AS counted, block.2 AS exported, block.3 AS left_out, abs(counted - says) <= {{ tolerance }} AS agrees,
    topic_id, partition, offset, line
FROM
(
    SELECT
        * EXCEPT (counted, exported, left_out),
        arraySort(
            (sums, begin) -> (abs(sums.1 - quantity.2), -begin),
            arrayMap(
                start -> (counted - start.1, exported - start.2, left_out - start.3, rows_above - start.4),
                arrayConcat([(toDecimal128(0, 3), toDecimal128(0, 3), 0::UInt64, 0::UInt64)], earlier)
            ) AS candidates,
            arrayEnumerate(candidates)
        )[1] AS block
    FROM blocks
    WHERE quantity.2 != 0
)
