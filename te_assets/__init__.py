"""Availability and scrap rate from plant workbooks, through Kafka and ClickHouse, as a Dagster asset graph."""

__version__ = "0.1.0"
