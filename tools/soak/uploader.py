"""The uploader as the product runs it, on the turned clock."""

import argparse
import sys
from pathlib import Path

import tools.uploader
from tools.cli import parser
from tools.soak.clock import TurnedClock


def main(arguments: list[str]) -> int:
    """Deliver until told to end."""
    own = argparse.ArgumentParser()
    own.add_argument("--config", type=Path, required=True)
    own.add_argument("--time", type=Path, required=True)
    given = own.parse_args(arguments)
    asked = parser().parse_args(["uploader", "--config", str(given.config)])
    return tools.uploader.run(asked, TurnedClock(given.time))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
