"""Tests of te_assets.workbook."""
