"""Tests of te_assets.automation."""
