"""Arguments of `health`."""

import argparse
from pathlib import Path
from typing import TypeAlias

from tools.where import CONFIG as _CONFIG

_Verbs: TypeAlias = (
    "argparse._SubParsersAction[argparse.ArgumentParser]"  # argparse has no public name for it
)


def add_health_verb(verbs: _Verbs) -> None:
    """`health`."""
    health = verbs.add_parser("health", help="serve the health page to the local network, behind a login")
    health.add_argument(
        "--listen",
        metavar="ADDRESS[:PORT]",
        help="a private address of this machine; else [health_view] listen",
    )
    health.add_argument("--config", type=Path, default=_CONFIG, metavar="FILE")
    health.add_argument("--profile", default=None, metavar="NAME")
    health.set_defaults(verb="health")
