"""A real Apache Kafka and a real ClickHouse engine on a bare machine, as an ordinary user, in one folder, the home."""
