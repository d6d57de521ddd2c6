-- How long each piece of a cell counts. Every instant of a cell counts for one piece: the least rank from 1 to 9, then the earlier
-- start of its span, then the smaller id. Pieces of rank 10, outside of windows, count for nothing. One row per cell with pieces;
-- these are arrays: the marts make rows of them by ARRAY JOIN. The cost is that of sorting.
{# columns that go along → what they are of a break that no stop was logged for #}
{% set kept = dict(
    class="'planned'", starts_here='false', is_open='false', is_short='false', reason_code="'(break)'", reason_text="''", logged='0',
    file_sha256="''", sheet="''", row='0', topic_id="toUUID('00000000-0000-0000-0000-000000000000')", partition='0', offset='0', line='0'
) %}
CREATE OR REPLACE TABLE {{ swept }} ENGINE = Memory SETTINGS compress = 1 AS
WITH
{% include 'marts/parts/placement.sql' %},
{% include 'marts/parts/breaks.sql' %},
pieces AS
(
    SELECT
        cell, rank, starts AS span_starts, interaction_id, business_key, piece_starts, piece_ends,
        {{ kept | join(', ') }}
    FROM placed
    UNION ALL
    SELECT cell, 2, starts, '', '', starts, ends, {{ kept.values() | join(', ') }}
    FROM breaks
),
exclusive AS
(
    -- what earlier pieces of the same rank leave over; pieces of a rank are now disjoint, and some are empty
    SELECT
        *,
        least(piece_ends, greatest(piece_starts, max(piece_ends) OVER earlier)) AS from_instant
    FROM pieces
    WINDOW earlier AS
    (
        PARTITION BY cell, rank ORDER BY span_starts, interaction_id, business_key ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),
sweep AS
(
    -- a sweep over the bounds of each cell's pieces in order of time
    SELECT
        cell, min(piece_starts) AS origin, groupArray(rank) AS ranks,
        groupArray(from_instant) AS from_instants, groupArray(piece_starts) AS starts, groupArray(piece_ends) AS ends,
        groupArray(interaction_id) AS interaction_id_, groupArray(business_key) AS business_key_,
        {% for column in kept %}groupArray({{ column }}) AS {{ column }}_, {% endfor +%}
        -- a bound in one number that sorts by time, beginnings before ends:
        -- 27 bits of milliseconds (37 hours; a cell has 25 at most), 1 for an end, 31 of the piece's number, 4 of its rank
        arrayMap((from, to, rank, number) -> [
            bitShiftLeft(from - origin, 36) + number * 16 + rank,
            bitShiftLeft(to - origin, 36) + 0x800000000 + number * 16 + rank
        ], from_instants, ends, ranks, arrayEnumerate(ranks)) AS pairs,
        arraySort(arrayFlatten(pairs)) AS bounds,
        arrayMap(bound -> bitAnd(bound, 15), bounds) AS bound_ranks,
        -- the ranks under way after each bound, two bits for each; that more of a rank begin at once is for no time
        arrayCumSum(arrayMap(
            bound -> bitShiftLeft(1::Int64, 2 * bitAnd(bound, 15)) * if(bitTest(bound, 35), -1, 1), bounds
        )) AS under_way,
        -- the segment that ends at each bound, and the rank that it counts for
        arrayDifference(arrayMap(bound -> bitShiftRight(bound, 36), bounds)) AS lengths,
        arrayMap(state -> multiIf(
            {% for r in range(1, 10) %}bitAnd(state, {{ 3 * 4 ** r }}) != 0, {{ r }}, {% endfor %}0
        ), arrayPushFront(arrayPopBack(under_way), 0)) AS counts_for,
        -- how much has counted for the bound's own rank up to the bound, back in the order of beginnings, then ends
        arraySort((so_far, bound) -> bitAnd(bound, 0xFFFFFFFFF), arrayMap(
            (rank, {% for r in range(1, 10) %}so_far_{{ r }}{{ ', ' if not loop.last }}{% endfor %})
                -> multiIf({% for r in range(1, 10) %}rank = {{ r }}, so_far_{{ r }}, {% endfor %}0),
            bound_ranks,
            {% for r in range(1, 10) %}
            arrayCumSum(arrayMap((length, winner) -> if(winner = {{ r }}, length, 0), lengths, counts_for)){{ ',' if not loop.last }}
            {% endfor %}
        ), bounds) AS own_so_far,
        arrayMap(
            (after, before) -> after - before,
            arraySlice(own_so_far, length(ranks) + 1), arraySlice(own_so_far, 1, length(ranks))
        ) AS milliseconds_
    FROM exclusive
    GROUP BY cell
)
SELECT
    cell, ranks, milliseconds_ AS milliseconds, starts, ends, from_instants, interaction_id_ AS interaction_id, business_key_ AS business_key,
    {% for column in kept %}{{ column }}_ AS {{ column }}, {% endfor +%}
    -- from each of these instants on, the pieces of the rank count; 0: none do
    arrayMap(bound -> origin + bitShiftRight(bound, 36), bounds) AS instants, arrayPushBack(arrayPopFront(counts_for), 0) AS winners
FROM sweep
