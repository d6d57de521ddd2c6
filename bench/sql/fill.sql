-- Rows of one file in raw, evenly over a time of the plant in Berlin. One row per line.
INSERT INTO te_raw.{{ model }}
(
    topic, topic_id, partition, offset, line, kafka_time, key, file_sha256, sheet, row, contract, exported_at, event_id, payload
)
SELECT
    {topic:String}, {topic_id:UUID}, 0, intDiv(n, {per_message:UInt32}), n % {per_message:UInt32} + 1, now64(3, 'UTC'),
    'bench', {sha256:String}, 'Bench', n + 2, {contract:String}, toDateTime64({exported:String}, 3, 'UTC'), '',
    toJSONString(map(
        '_row', toString(n + 2), 'plant', '1000', 'work_center', concat('W', toString(n % {centers:UInt32})),
        {% if model == 'confirmations' %}
        'order_id', toString(1000000 + intDiv(n, 8)), 'operation', toString(10 + 10 * (n % 4)),
        'confirmation', toString(1000000 + intDiv(n, 2)), 'counter', toString(1 + n % 2),
        'material', concat('M', toString(n % 50)), 'unit', 'PC',
        'good_qty', toString(90 + n % 20), 'scrap_qty', toString(n % 7), 'scrap_reason_code', toString(n % 5),
        'cancelled_counter', if(n % 1000 = 1, '1', ''),
        'start_date', formatDateTime(starts, '%Y-%m-%dT00:00:00'), 'start_time', formatDateTime(starts, '%H:%i:%S'),
        'finish_date', formatDateTime(starts + 600, '%Y-%m-%dT00:00:00'), 'finish_time', formatDateTime(starts + 600, '%H:%i:%S')
        {% else %}
        'interaction_id', toString(n), 'reason_code', ['T', 'O', 'P', 'S'][n % 4 + 1],
        'started_at', formatDateTime(starts, '%Y-%m-%dT%H:%i:%S'),
        'ended_at', formatDateTime(starts + 300 + n % 1200, '%Y-%m-%dT%H:%i:%S')
        {% endif %}
    ))
FROM
(
    SELECT number AS n, toDateTime({first:String}, 'Europe/Berlin') + intDiv(n * {seconds:UInt64}, {rows:UInt64}) AS starts
    FROM numbers({skip:UInt64}, least({chunk:UInt64}, {rows:UInt64} - {skip:UInt64}))
)
