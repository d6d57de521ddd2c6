"""ClickHouse: migrations, history, current rows, marts. All transformation is in the .sql files beside the modules."""
