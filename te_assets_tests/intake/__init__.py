"""Tests of te_assets.intake."""
