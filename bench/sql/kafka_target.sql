-- Lines as the Kafka engine delivers them, in the columns of te_raw.
CREATE TABLE te_bench.confirmations AS te_raw.confirmations
ENGINE = MergeTree
ORDER BY (topic_id, partition, offset, line)
