"""The one command: `python run_kiosk.py --help`."""

import sys

from tools.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
