"""The command line: one module for each group of commands, `te_assets.cli` joins them."""
