"""Tests of te_assets.assets."""
