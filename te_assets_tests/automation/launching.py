"""A small code location whose runs say which process they are; loaded by the processes of runs."""

import os
import threading
from pathlib import Path

import dagster as dg


@dg.op(config_schema={"file": str})
def tell(context: dg.OpExecutionContext) -> None:
    """Write down the process, its parent and its nice value."""
    Path(context.op_config["file"]).write_text(f"{os.getpid()} {os.getppid()} {os.nice(0)}")


@dg.op(config_schema={"file": str})
def wait(context: dg.OpExecutionContext) -> None:
    """Go on for ever, once it is written down which process does."""
    part = Path(context.op_config["file"] + ".part")
    part.write_text(f"{os.getpid()} {os.getppid()}")
    part.rename(context.op_config["file"])
    threading.Event().wait()


@dg.job(executor_def=dg.in_process_executor)
def told() -> None:
    """A run that ends."""
    tell()


@dg.job(executor_def=dg.in_process_executor)
def endless() -> None:
    """A run that does not end by itself."""
    wait()


defs = dg.Definitions(jobs=[told, endless])
