"""Arguments of `setup`."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

_Verbs: TypeAlias = (
    "argparse._SubParsersAction[argparse.ArgumentParser]"  # argparse has no public name for it
)


def add_setup_verb(verbs: _Verbs, configured: Callable[[argparse.ArgumentParser], None]) -> None:
    """The wizard, and what belongs to the versions of its result."""
    setup = verbs.add_parser(
        "setup", help="set this terminal up, step by step; also unattended, and from a clone"
    )
    setup.set_defaults(verb="setup")
    _walks(setup, configured)
    what = setup.add_subparsers(dest="what", metavar="WHAT")
    export = what.add_parser(
        "export", help="the settings for the next cabinets; no keys, PINs, ids, addresses"
    )
    export.add_argument("out", type=Path, metavar="OUT.toml")
    clone = what.add_parser("clone", help="begin with what `export` wrote on another cabinet")
    clone.add_argument("file", type=Path, metavar="FILE.toml")
    diff = what.add_parser("diff", help="what the wizard would change, or what changed since a version")
    diff.add_argument("version", nargs="?", type=int, metavar="N")
    diff.add_argument("to", nargs="?", type=int, metavar="M", help="default: the file as it is now")
    versions = what.add_parser("versions", help="every version of terminal.toml, when and by whom")
    versions.add_argument("--json", action="store_true")
    rollback = what.add_parser("rollback", help="make an earlier version the configuration again")
    rollback.add_argument("version", type=int, metavar="N")
    undo = what.add_parser("undo", help="take back what one step of the wizard did")
    undo.add_argument("step", metavar="STEP", help="as `setup --status --json` names it")
    for one in (export, clone, diff, versions, rollback, undo):
        configured(one)


def _walks(setup: argparse.ArgumentParser, configured: Callable[[argparse.ArgumentParser], None]) -> None:
    configured(setup)
    setup.add_argument("--answers", type=Path, metavar="FILE.toml", help="unattended, with these answers")
    setup.add_argument("--resume", action="store_true", help="go on where the last one stopped")
    setup.add_argument("--status", action="store_true", help="how far it is")
    setup.add_argument("--json", action="store_true", help="with --answers and --status")
    setup.add_argument(
        "--no-network-search", action="store_true", help="look for devices on this machine only"
    )
    setup.add_argument("--language", choices=["zh-Hans", "en"], default="zh-Hans")
