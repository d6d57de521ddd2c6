"""ClickHouse: migrations, history, current rows, marts. All transformation is SQL in the .sql files beside the modules."""
