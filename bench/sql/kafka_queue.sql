-- One row per message of the topic.
CREATE TABLE te_bench.confirmations_queue
(
    value String
)
ENGINE = Kafka
SETTINGS
    kafka_broker_list = '{{ brokers }}',
    kafka_topic_list = '{{ topic }}',
    kafka_group_name = '{{ group }}',
    kafka_format = 'RawBLOB',
    kafka_num_consumers = 1,
    kafka_thread_per_consumer = 1,
    kafka_max_block_size = 50,
    kafka_poll_max_batch_size = 50,
    kafka_poll_timeout_ms = 50,
    kafka_flush_interval_ms = 500,
    kafka_consumer_reschedule_ms = 10
