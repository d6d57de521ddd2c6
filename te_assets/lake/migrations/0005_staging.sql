-- Typed history, current rows, rejected rows.
CREATE TABLE IF NOT EXISTS te_staging.interactions_history
(
    plant LowCardinality(String) COMMENT 'Plant',
    work_center LowCardinality(String) COMMENT 'Work center',
    interaction_id String COMMENT 'Id of the interaction in its source',
    started_at DateTime64(3, 'UTC') COMMENT 'Start, UTC',
    ended_at Nullable(DateTime64(3, 'UTC')) COMMENT 'End, UTC, exclusive; NULL while open',
    is_open Bool COMMENT 'No end is known yet',
    is_short Bool DEFAULT false COMMENT 'Shorter than the policy short_stop_minutes (current rows only)',
    reason_code LowCardinality(String) COMMENT 'Reason as logged',
    reason_text LowCardinality(String) COMMENT 'Text of the reason as logged',
    reason_class LowCardinality(String) DEFAULT '' COMMENT 'Class of the reason in the site profile (current rows only)',
    operator LowCardinality(String) COMMENT 'Pseudonym of the operator unless the site says otherwise',
    logged_seconds Nullable(Decimal(18, 3)) COMMENT 'ended_at - started_at, seconds; NULL while open',
    exported_duration_seconds Nullable(Decimal(18, 3)) COMMENT 'Duration that the file states, seconds',
    production_day Date COMMENT 'Plant-local production day of the start',
    exported_at DateTime64(3, 'UTC') COMMENT 'When the source system wrote the file; for events the time of the event; UTC',
    version Tuple(changed_at DateTime64(3, 'UTC'), exported_at DateTime64(3, 'UTC'), origin String, sheet String, row UInt32) COMMENT 'Order of versions, from content alone; origin is the SHA-256 of the file or the id of the event',
    file_sha256 LowCardinality(String) COMMENT 'Workbook; empty for events',
    sheet LowCardinality(String) COMMENT 'Sheet',
    row UInt32 COMMENT 'Excel row number, or index in the posted batch',
    contract LowCardinality(String) COMMENT '<source>@<version>',
    topic_id UUID COMMENT 'Raw line',
    partition UInt32 COMMENT 'Raw line',
    offset UInt64 COMMENT 'Raw line',
    line UInt32 COMMENT 'Raw line',
    source LowCardinality(String) COMMENT 'Name of the layout',
    business_key String COMMENT 'source|plant|… : what stays the same when the row is corrected',
    content_hash UInt64 COMMENT 'Of the typed values: equal content has an equal hash',
    is_tombstone Bool COMMENT 'The row is no longer in its source',
    is_superseded Bool COMMENT 'A newer version stands in another production day',
    INDEX reach ifNull(ended_at, toDateTime64('2299-12-31 00:00:00', 3, 'UTC')) TYPE minmax GRANULARITY 1,
    INDEX position (topic_id, partition, offset) TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree PARTITION BY production_day
PRIMARY KEY business_key ORDER BY (business_key, version, topic_id, partition, offset, line)
COMMENT 'Every typed version of every accepted row, and for each production day a version left a superseded line';

CREATE TABLE IF NOT EXISTS te_staging.interactions_keys
(
    business_key String COMMENT 'Key of the row',
    version Tuple(changed_at DateTime64(3, 'UTC'), exported_at DateTime64(3, 'UTC'), origin String, sheet String, row UInt32) COMMENT 'Version of the row',
    production_day Date COMMENT 'Partition of history that holds the version',
    production_days Array(Date) COMMENT 'Every production day that the version reaches',
    is_open Bool COMMENT 'An interaction without end: reaches up to the data horizon',
    plant LowCardinality(String) COMMENT 'Plant',
    publication LowCardinality(String) COMMENT '<sha256>@<contract>; events: @<contract>',
    content_hash UInt64 COMMENT 'Of the typed values'
)
ENGINE = ReplacingMergeTree ORDER BY (business_key, version)
COMMENT 'Versions by business key: the newest one and the days it reaches';

CREATE TABLE IF NOT EXISTS te_staging.interactions
(
    plant LowCardinality(String) COMMENT 'Plant',
    work_center LowCardinality(String) COMMENT 'Work center',
    interaction_id String COMMENT 'Id of the interaction in its source',
    started_at DateTime64(3, 'UTC') COMMENT 'Start, UTC',
    ended_at Nullable(DateTime64(3, 'UTC')) COMMENT 'End, UTC, exclusive; NULL while open',
    is_open Bool COMMENT 'No end is known yet',
    is_short Bool DEFAULT false COMMENT 'Shorter than the policy short_stop_minutes (current rows only)',
    reason_code LowCardinality(String) COMMENT 'Reason as logged',
    reason_text LowCardinality(String) COMMENT 'Text of the reason as logged',
    reason_class LowCardinality(String) DEFAULT '' COMMENT 'Class of the reason in the site profile (current rows only)',
    operator LowCardinality(String) COMMENT 'Pseudonym of the operator unless the site says otherwise',
    logged_seconds Nullable(Decimal(18, 3)) COMMENT 'ended_at - started_at, seconds; NULL while open',
    exported_duration_seconds Nullable(Decimal(18, 3)) COMMENT 'Duration that the file states, seconds',
    production_day Date COMMENT 'Plant-local production day of the start',
    exported_at DateTime64(3, 'UTC') COMMENT 'When the source system wrote the file; for events the time of the event; UTC',
    version Tuple(changed_at DateTime64(3, 'UTC'), exported_at DateTime64(3, 'UTC'), origin String, sheet String, row UInt32) COMMENT 'Order of versions, from content alone; origin is the SHA-256 of the file or the id of the event',
    file_sha256 LowCardinality(String) COMMENT 'Workbook; empty for events',
    sheet LowCardinality(String) COMMENT 'Sheet',
    row UInt32 COMMENT 'Excel row number, or index in the posted batch',
    contract LowCardinality(String) COMMENT '<source>@<version>',
    topic_id UUID COMMENT 'Raw line',
    partition UInt32 COMMENT 'Raw line',
    offset UInt64 COMMENT 'Raw line',
    line UInt32 COMMENT 'Raw line',
    business_key String COMMENT 'Key of the row',
    INDEX reach ifNull(ended_at, toDateTime64('2299-12-31 00:00:00', 3, 'UTC')) TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree PARTITION BY production_day ORDER BY (plant, work_center, started_at)
COMMENT 'The newest version per business key; swapped in per production day';

CREATE TABLE IF NOT EXISTS te_staging.confirmations_history
(
    plant LowCardinality(String) COMMENT 'Plant (WERKS)',
    work_center LowCardinality(String) COMMENT 'Work center (ARBPL)',
    order_id String COMMENT 'Order (AUFNR)',
    operation LowCardinality(String) COMMENT 'Operation (VORNR)',
    confirmation String COMMENT 'Confirmation (RUECK)',
    counter String COMMENT 'Counter of the confirmation (RMZHL)',
    is_reversed Bool COMMENT 'This confirmation was cancelled (STOKZ)',
    cancelled_counter String COMMENT 'Counter of the confirmation that this one cancels (STZHL); empty: none',
    material LowCardinality(String) COMMENT 'Material (MATNR)',
    unit LowCardinality(String) COMMENT 'Unit of the operation quantities (MEINH)',
    good_qty Decimal(18, 3) COMMENT 'Confirmed yield (LMNGA) in unit',
    scrap_qty Decimal(18, 3) COMMENT 'Confirmed scrap (XMNGA) in unit',
    rework_qty Decimal(18, 3) COMMENT 'Confirmed rework (RMNGA) in unit',
    order_unit LowCardinality(String) COMMENT 'Unit of the order (GMEIN)',
    order_unit_good_qty Nullable(Decimal(18, 3)) COMMENT 'Confirmed yield (GMNGA) in order_unit',
    order_unit_scrap_qty Nullable(Decimal(18, 3)) COMMENT 'Confirmed scrap in order_unit',
    scrap_reason_code LowCardinality(String) COMMENT 'Reason for variance (GRUND)',
    scrap_reason_text LowCardinality(String) COMMENT 'Text of the reason for variance',
    started_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Start of execution (ISDD, ISDZ), UTC',
    finished_at Nullable(DateTime64(3, 'UTC')) COMMENT 'End of execution (IEDD, IEDZ), UTC',
    entered_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Entry (ERSDA, ERZET), UTC',
    posted_at Nullable(Date32) COMMENT 'Posting date (BUDAT), plant-local',
    is_final Bool COMMENT 'Final confirmation (AUERU)',
    shift LowCardinality(Nullable(String)) DEFAULT NULL COMMENT 'Shift in whose window it ended; NULL: outside the calendar or no time of day (current rows only)',
    production_day Date COMMENT 'Plant-local production day of the end of execution, else of the entry, else of the posting',
    exported_at DateTime64(3, 'UTC') COMMENT 'When the source system wrote the file; for events the time of the event; UTC',
    version Tuple(changed_at DateTime64(3, 'UTC'), exported_at DateTime64(3, 'UTC'), origin String, sheet String, row UInt32) COMMENT 'Order of versions, from content alone; origin is the SHA-256 of the file or the id of the event',
    file_sha256 LowCardinality(String) COMMENT 'Workbook; empty for events',
    sheet LowCardinality(String) COMMENT 'Sheet',
    row UInt32 COMMENT 'Excel row number, or index in the posted batch',
    contract LowCardinality(String) COMMENT '<source>@<version>',
    topic_id UUID COMMENT 'Raw line',
    partition UInt32 COMMENT 'Raw line',
    offset UInt64 COMMENT 'Raw line',
    line UInt32 COMMENT 'Raw line',
    source LowCardinality(String) COMMENT 'Name of the layout',
    business_key String COMMENT 'source|plant|… : what stays the same when the row is corrected',
    content_hash UInt64 COMMENT 'Of the typed values: equal content has an equal hash',
    is_tombstone Bool COMMENT 'The row is no longer in its source',
    is_superseded Bool COMMENT 'A newer version stands in another production day',
    INDEX execution ifNull(started_at, toDateTime64('2299-12-31 00:00:00', 3, 'UTC')) TYPE minmax GRANULARITY 1,
    INDEX position (topic_id, partition, offset) TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree PARTITION BY production_day
PRIMARY KEY business_key ORDER BY (business_key, version, topic_id, partition, offset, line)
COMMENT 'Every typed version of every accepted row, and for each production day a version left a superseded line';

CREATE TABLE IF NOT EXISTS te_staging.confirmations_keys
(
    business_key String COMMENT 'Key of the row',
    version Tuple(changed_at DateTime64(3, 'UTC'), exported_at DateTime64(3, 'UTC'), origin String, sheet String, row UInt32) COMMENT 'Version of the row',
    production_day Date COMMENT 'Partition of history that holds the version',
    production_days Array(Date) COMMENT 'Every production day that the version reaches',
    is_open Bool COMMENT 'An interaction without end: reaches up to the data horizon',
    plant LowCardinality(String) COMMENT 'Plant',
    publication LowCardinality(String) COMMENT '<sha256>@<contract>; events: @<contract>',
    content_hash UInt64 COMMENT 'Of the typed values'
)
ENGINE = ReplacingMergeTree ORDER BY (business_key, version)
COMMENT 'Versions by business key: the newest one and the days it reaches';

CREATE TABLE IF NOT EXISTS te_staging.confirmations
(
    plant LowCardinality(String) COMMENT 'Plant (WERKS)',
    work_center LowCardinality(String) COMMENT 'Work center (ARBPL)',
    order_id String COMMENT 'Order (AUFNR)',
    operation LowCardinality(String) COMMENT 'Operation (VORNR)',
    confirmation String COMMENT 'Confirmation (RUECK)',
    counter String COMMENT 'Counter of the confirmation (RMZHL)',
    is_reversed Bool COMMENT 'This confirmation was cancelled (STOKZ)',
    cancelled_counter String COMMENT 'Counter of the confirmation that this one cancels (STZHL); empty: none',
    material LowCardinality(String) COMMENT 'Material (MATNR)',
    unit LowCardinality(String) COMMENT 'Unit of the operation quantities (MEINH)',
    good_qty Decimal(18, 3) COMMENT 'Confirmed yield (LMNGA) in unit',
    scrap_qty Decimal(18, 3) COMMENT 'Confirmed scrap (XMNGA) in unit',
    rework_qty Decimal(18, 3) COMMENT 'Confirmed rework (RMNGA) in unit',
    order_unit LowCardinality(String) COMMENT 'Unit of the order (GMEIN)',
    order_unit_good_qty Nullable(Decimal(18, 3)) COMMENT 'Confirmed yield (GMNGA) in order_unit',
    order_unit_scrap_qty Nullable(Decimal(18, 3)) COMMENT 'Confirmed scrap in order_unit',
    scrap_reason_code LowCardinality(String) COMMENT 'Reason for variance (GRUND)',
    scrap_reason_text LowCardinality(String) COMMENT 'Text of the reason for variance',
    started_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Start of execution (ISDD, ISDZ), UTC',
    finished_at Nullable(DateTime64(3, 'UTC')) COMMENT 'End of execution (IEDD, IEDZ), UTC',
    entered_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Entry (ERSDA, ERZET), UTC',
    posted_at Nullable(Date32) COMMENT 'Posting date (BUDAT), plant-local',
    is_final Bool COMMENT 'Final confirmation (AUERU)',
    shift LowCardinality(Nullable(String)) DEFAULT NULL COMMENT 'Shift in whose window it ended; NULL: outside the calendar or no time of day (current rows only)',
    production_day Date COMMENT 'Plant-local production day of the end of execution, else of the entry, else of the posting',
    exported_at DateTime64(3, 'UTC') COMMENT 'When the source system wrote the file; for events the time of the event; UTC',
    version Tuple(changed_at DateTime64(3, 'UTC'), exported_at DateTime64(3, 'UTC'), origin String, sheet String, row UInt32) COMMENT 'Order of versions, from content alone; origin is the SHA-256 of the file or the id of the event',
    file_sha256 LowCardinality(String) COMMENT 'Workbook; empty for events',
    sheet LowCardinality(String) COMMENT 'Sheet',
    row UInt32 COMMENT 'Excel row number, or index in the posted batch',
    contract LowCardinality(String) COMMENT '<source>@<version>',
    topic_id UUID COMMENT 'Raw line',
    partition UInt32 COMMENT 'Raw line',
    offset UInt64 COMMENT 'Raw line',
    line UInt32 COMMENT 'Raw line',
    business_key String COMMENT 'Key of the row',
    INDEX execution ifNull(started_at, toDateTime64('2299-12-31 00:00:00', 3, 'UTC')) TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree PARTITION BY production_day ORDER BY (plant, work_center, material, operation)
COMMENT 'The newest version per business key; swapped in per production day';

CREATE TABLE IF NOT EXISTS te_staging.rejected_rows
(
    model LowCardinality(String) COMMENT 'interactions or confirmations',
    contract LowCardinality(String) COMMENT '<source>@<version>',
    file_sha256 LowCardinality(String) COMMENT 'Workbook; empty for events',
    sheet LowCardinality(String) COMMENT 'Sheet',
    row UInt32 COMMENT 'Excel row number, or index in the posted batch',
    column LowCardinality(String) COMMENT 'Field of the contract; empty: the whole row',
    rule LowCardinality(String) COMMENT 'Rule that the row breaks',
    message String COMMENT 'What is wrong and what to do',
    value String COMMENT 'The value as it stood',
    payload String COMMENT 'The line as it came',
    rejected_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'UTC',
    resolved_by_file LowCardinality(String) DEFAULT '' COMMENT 'SHA-256 of the workbook that repaired the row; empty: open',
    topic_id UUID COMMENT 'Raw line',
    partition UInt32 COMMENT 'Raw line',
    offset UInt64 COMMENT 'Raw line',
    line UInt32 COMMENT 'Raw line'
)
ENGINE = ReplacingMergeTree(rejected_at) ORDER BY (model, file_sha256, contract, topic_id, partition, offset, line, column, rule)
COMMENT 'Rows that were not accepted: one line per reason';

CREATE TABLE IF NOT EXISTS te_staging.row_notes
(
    model LowCardinality(String) COMMENT 'interactions or confirmations',
    contract LowCardinality(String) COMMENT '<source>@<version>',
    file_sha256 LowCardinality(String) COMMENT 'Workbook; empty for events',
    sheet LowCardinality(String) COMMENT 'Sheet',
    row UInt32 COMMENT 'Excel row number, or index in the posted batch',
    column LowCardinality(String) COMMENT 'Field of the contract; empty: the whole row',
    rule LowCardinality(String) COMMENT 'Rule that the row breaks',
    message String COMMENT 'What is wrong and what to do',
    value String COMMENT 'The value as it stood',
    noted_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'UTC',
    topic_id UUID COMMENT 'Raw line',
    partition UInt32 COMMENT 'Raw line',
    offset UInt64 COMMENT 'Raw line',
    line UInt32 COMMENT 'Raw line'
)
ENGINE = ReplacingMergeTree(noted_at) ORDER BY (model, file_sha256, contract, topic_id, partition, offset, line, column, rule)
COMMENT 'Warnings on accepted rows';

CREATE TABLE IF NOT EXISTS te_staging.set_aside_rows
(
    model LowCardinality(String) COMMENT 'interactions or confirmations',
    contract LowCardinality(String) COMMENT '<source>@<version>',
    file_sha256 LowCardinality(String) COMMENT 'Workbook; empty for events',
    sheet LowCardinality(String) COMMENT 'Sheet',
    row UInt32 COMMENT 'Excel row number, or index in the posted batch',
    why Enum8('skipped' = 1, 'duplicate' = 2) COMMENT 'skipped: a subtotal or repeated header by contract; duplicate: equal to the row before it with the same key in the same file',
    rule LowCardinality(String) COMMENT 'Rule of the contract, or empty',
    topic_id UUID COMMENT 'Raw line',
    partition UInt32 COMMENT 'Raw line',
    offset UInt64 COMMENT 'Raw line',
    line UInt32 COMMENT 'Raw line'
)
ENGINE = ReplacingMergeTree ORDER BY (model, file_sha256, contract, topic_id, partition, offset, line)
COMMENT 'Rows that are neither accepted nor rejected';
