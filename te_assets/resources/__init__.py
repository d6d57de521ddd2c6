"""Dagster resources: thin handles on ClickHouse, Kafka, the landing store and the profile."""
