"""Whether the wizard comes before the terminal. Imports little: every start of the face asks."""

import argparse
import os
from typing import Final

from tools.where import SHIPPED

#: in the environment of a face that shall begin with the wizard
ASKED: Final = "KIOSK_SETUP"


def is_wanted(asked: argparse.Namespace) -> bool:
    """Nobody has set this terminal up: no terminal.toml, or the shipped one as it came; or a technician asked.

    The shipped file itself, in a developer's folder, is a configuration like any other.
    """
    if ASKED in os.environ:
        return True
    try:
        mine = asked.config.read_bytes()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return bool(asked.config.resolve() != SHIPPED.resolve() and mine == SHIPPED.read_bytes())
