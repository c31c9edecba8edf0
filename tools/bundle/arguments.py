"""Arguments of `support-bundle`."""

import argparse
from pathlib import Path
from typing import TypeAlias

from tools.where import CONFIG as _CONFIG

_Verbs: TypeAlias = (
    "argparse._SubParsersAction[argparse.ArgumentParser]"  # argparse has no public name for it
)


def add_bundle_verb(verbs: _Verbs) -> None:
    """`support-bundle`."""
    bundle = verbs.add_parser(
        "support-bundle", help="what support needs to know of this terminal, without personal data, as a zip"
    )
    bundle.add_argument("out", type=Path, metavar="OUT.zip")
    how = bundle.add_mutually_exclusive_group()
    how.add_argument("--to-backend", action="store_true", help="also send it to the platform")
    how.add_argument(
        "--check", action="store_true", help="OUT.zip is there: list, signature, chain of its log"
    )
    bundle.add_argument("--devices", action="store_true", help="also open every device; stop the kiosk first")
    bundle.add_argument(
        "--key", metavar="BASE64", help="with --check: the terminal's public key; else this one's"
    )
    bundle.add_argument("--json", action="store_true")
    bundle.add_argument(
        "--machine", type=Path, default=Path("/"), metavar="FOLDER", help="as `doctor --machine`"
    )
    bundle.add_argument("--config", type=Path, default=_CONFIG, metavar="FILE")
    bundle.add_argument("--profile", default=None, metavar="NAME")
    bundle.set_defaults(verb="support-bundle")
