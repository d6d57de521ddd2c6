"""Benchmark: from workbook to marts by step, beside other ways of doing the same."""
