"""Tests of te_assets.contracts."""
