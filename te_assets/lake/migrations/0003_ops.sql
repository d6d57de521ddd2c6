-- Bookkeeping: files, contracts, ledgers, touched days.
CREATE TABLE IF NOT EXISTS te_ops.files
(
    sha256 String COMMENT 'SHA-256 of the landed bytes, lower-case hex',
    contract LowCardinality(String) COMMENT '<source>@<version> from READ on; empty before',
    model LowCardinality(String) COMMENT 'interactions or confirmations; empty before READ',
    name String COMMENT 'File name as delivered',
    size UInt64 COMMENT 'Bytes',
    state Enum8('SEEN' = 1, 'SETTLED' = 2, 'STORED' = 3, 'READ' = 4, 'PUBLISHED' = 5, 'REJECTED' = 6, 'RETRACTED' = 7) COMMENT 'State that the file reached',
    at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') COMMENT 'When it reached the state, UTC',
    reason String COMMENT 'Why it was rejected or retracted, for a person',
    rows_read UInt64 COMMENT 'Rows read from the sheet',
    rows_published UInt64 COMMENT 'Rows in the committed transaction',
    lines_hash UInt64 COMMENT 'Sum of xxHash64 over the lines, modulo 2^64',
    exported_at DateTime64(3, 'UTC') COMMENT 'When the source system wrote the file, UTC',
    exported_at_origin LowCardinality(String) COMMENT 'Where exported_at comes from: column, file_name, sender, workbook, first_seen',
    manifest String COMMENT 'Manifest on te.files.v1 as JSON, from PUBLISHED on',
    run_id String COMMENT 'Dagster run that reached the state'
)
ENGINE = MergeTree ORDER BY (sha256, contract, at)
COMMENT 'One line per state change of a landed file or of its publication under a contract';

CREATE TABLE IF NOT EXISTS te_ops.contracts
(
    source LowCardinality(String) COMMENT 'Name of the layout',
    version UInt32 COMMENT 'Version; immutable once used',
    model LowCardinality(String) COMMENT 'interactions or confirmations',
    yaml String COMMENT 'The contract as it was used',
    registered_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'First use, UTC'
)
ENGINE = MergeTree ORDER BY (source, version)
COMMENT 'Contracts that were used';

CREATE TABLE IF NOT EXISTS te_ops.load_ledger
(
    topic LowCardinality(String) COMMENT 'Kafka topic',
    topic_id UUID COMMENT 'Kafka topic id',
    partition UInt32 COMMENT 'Kafka partition',
    lo UInt64 COMMENT 'First offset of the range',
    hi UInt64 COMMENT 'Last offset of the range, next - 1; it may be a control record',
    next UInt64 COMMENT 'Where the next range begins',
    messages UInt64 COMMENT 'Messages in the range',
    lines UInt64 COMMENT 'Lines in the range',
    hash UInt64 COMMENT 'Sum of xxHash64 over the lines, modulo 2^64',
    state Enum8('PLANNED' = 1, 'LOADED' = 2, 'GAP' = 3) COMMENT 'PLANNED before any insert, LOADED after the read-back; GAP: offsets known to be lost',
    surplus UInt64 COMMENT 'Lines found twice at read-back; they count once',
    plan_id UUID COMMENT 'Identifies the plan; query id of its insert',
    run_id String COMMENT 'Dagster run',
    at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') COMMENT 'UTC'
)
ENGINE = MergeTree ORDER BY (topic_id, partition, lo, at)
COMMENT 'Positions: which offsets are in te_raw. No consumer group decides that';

CREATE TABLE IF NOT EXISTS te_ops.typing_ledger
(
    topic LowCardinality(String) COMMENT 'Kafka topic',
    topic_id UUID COMMENT 'Kafka topic id',
    partition UInt32 COMMENT 'Kafka partition',
    lo UInt64 COMMENT 'First offset of the range',
    next UInt64 COMMENT 'Where the next range begins',
    lines UInt64 COMMENT 'Distinct raw lines in the range',
    accepted UInt64 COMMENT 'Lines that became a version in history',
    rejected UInt64 COMMENT 'Lines in rejected_rows',
    skipped UInt64 COMMENT 'Lines that the contract skips: subtotals, repeated headers',
    duplicates UInt64 COMMENT 'Lines equal to the row before them in the same file',
    state Enum8('PLANNED' = 1, 'LOADED' = 2) COMMENT 'PLANNED before any insert, LOADED after the read-back',
    plan_id UUID COMMENT 'Identifies the plan',
    run_id String COMMENT 'Dagster run',
    at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') COMMENT 'UTC'
)
ENGINE = MergeTree ORDER BY (topic_id, partition, lo, at)
COMMENT 'Which raw offsets were typed into history';

CREATE TABLE IF NOT EXISTS te_ops.touched_days
(
    model LowCardinality(String) COMMENT 'interactions or confirmations',
    plant LowCardinality(String) COMMENT 'Plant',
    production_day Date COMMENT 'Plant-local production day whose figures may have changed',
    sequence UInt64 COMMENT 'Nanoseconds since 1970 when the change was complete in history; a day is cleared up to the sequence that was read',
    why LowCardinality(String) COMMENT 'versions, horizon, coverage, site, backfill',
    run_id String COMMENT 'Dagster run that touched or cleared it',
    cleared_at Nullable(DateTime64(3, 'UTC')) COMMENT 'NULL: touched; else: cleared up to the sequence, UTC'
)
ENGINE = MergeTree ORDER BY (model, production_day, plant, sequence)
COMMENT 'Production days to restate; a line with cleared_at clears lines of its day up to its sequence';

CREATE TABLE IF NOT EXISTS te_ops.coverage
(
    model LowCardinality(String) COMMENT 'interactions or confirmations',
    source LowCardinality(String) COMMENT 'Name of the layout',
    file_sha256 String COMMENT 'Publication; empty for events',
    contract LowCardinality(String) COMMENT 'Publication',
    plant LowCardinality(String) COMMENT 'Plant',
    work_center LowCardinality(String) COMMENT 'Work center; empty: all of the plant',
    covers_from DateTime64(3, 'UTC') COMMENT 'Begin of what the delivery covers, UTC',
    covers_until DateTime64(3, 'UTC') COMMENT 'End of it, exclusive, UTC',
    origin Enum8('declared' = 1, 'rows' = 2, 'events' = 3) COMMENT 'Declared by the delivery, or from its first start to its last end',
    at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'UTC'
)
ENGINE = ReplacingMergeTree(at) ORDER BY (model, source, plant, work_center, file_sha256, contract, covers_from, covers_until)
COMMENT 'What deliveries cover; lines of one publication and work center make one period, from the least begin to the greatest end';

CREATE TABLE IF NOT EXISTS te_ops.swaps
(
    table LowCardinality(String) COMMENT 'Table whose production day was swapped in',
    production_day Date COMMENT 'Production day',
    rows UInt64 COMMENT 'Rows of the day after the swap',
    sequence UInt64 COMMENT 'Greatest sequence of te_ops.touched_days that the computation had read; 0: none',
    run_id String COMMENT 'Dagster run',
    at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') COMMENT 'UTC'
)
ENGINE = MergeTree ORDER BY (table, production_day, at)
COMMENT 'One line per swapped production day';
