"""A simulated company that makes workbooks with known truth; it shares no code with the rest of the product."""

from te_assets.simulator.run import Simulated, simulate

__all__ = ["Simulated", "simulate"]
