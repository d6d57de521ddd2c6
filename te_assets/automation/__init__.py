"""When the assets run: jobs, sensors, and the decisions behind them."""
