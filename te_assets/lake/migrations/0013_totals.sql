-- Totals that stand in sheets, beside what counts here.
CREATE TABLE IF NOT EXISTS te_staging.sheet_totals
(
    model LowCardinality(String) COMMENT 'interactions or confirmations',
    contract LowCardinality(String) COMMENT '<source>@<version>',
    file_sha256 LowCardinality(String) COMMENT 'Workbook',
    sheet LowCardinality(String) COMMENT 'Sheet',
    row UInt32 COMMENT 'Excel row number of the total',
    column LowCardinality(String) COMMENT 'Field that is totalled',
    unit LowCardinality(String) COMMENT 'Unit of the total, whose rows alone are added up; empty: all rows',
    says Decimal(18, 3) COMMENT 'What the sheet says; pieces, or seconds',
    counted Decimal(18, 3) COMMENT 'What the accepted rows above add up to, since the start or the earlier total that comes closest',
    exported Decimal(18, 3) COMMENT 'The same with rejected rows, as far as they could be read, and duplicates',
    left_out UInt64 COMMENT 'Rejected rows and duplicates among them',
    agrees Bool COMMENT 'says = counted, durations within half a minute per row',
    compared_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'UTC',
    topic_id UUID COMMENT 'Raw line',
    partition UInt32 COMMENT 'Raw line',
    offset UInt64 COMMENT 'Raw line',
    line UInt32 COMMENT 'Raw line'
)
ENGINE = ReplacingMergeTree(compared_at) ORDER BY (model, file_sha256, contract, topic_id, partition, offset, line, column)
COMMENT 'Subtotals and totals that sheets hold, compared with the rows that count';
