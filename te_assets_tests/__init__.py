"""Tests of te_assets; the folders mirror the package."""
