"""Tests of te_assets.lake."""
