"""Tests of the commands, through the entry point that people call."""
