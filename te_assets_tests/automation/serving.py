"""A code server of the product's as a process: `python -m te_assets_tests.automation.serving PORT`."""

import sys

from te_assets.automation import code_server

if __name__ == "__main__":
    code_server.LOOK_SECONDS = 0.1  # type: ignore[misc]  # a test does not wait a quarter of a minute
    code_server.serve(int(sys.argv[1]), module="te_assets_tests.automation.launching")
