"""Arguments of the verb by which a technician says who may look after the terminal on its glass."""

import argparse
from pathlib import Path
from typing import TypeAlias

_Verbs: TypeAlias = (
    "argparse._SubParsersAction[argparse.ArgumentParser]"  # argparse has no public name for it
)
_CONFIG = Path(__file__).resolve().parent.parent / "config" / "terminal.toml"
_ROLES = ("staff", "technician", "auditor")


def add_tending_verb(verbs: _Verbs) -> None:
    """`tending`."""
    tending = verbs.add_parser("tending", help="who may look after this terminal on its glass")
    what = tending.add_subparsers(dest="what", required=True, metavar="WHAT")
    pin = what.add_parser("pin", help="give somebody a PIN; it is asked for, or read from standard input")
    card = what.add_parser(
        "card", help="register somebody's card: lay it on the reader; stop the kiosk first"
    )
    remove = what.add_parser("remove", help="nobody enters with this number any more")
    listed = what.add_parser("list", help="who may enter, and by what")
    listed.add_argument("--json", action="store_true")
    signed = what.add_parser(
        "pass", help="the operator: a signed pass on a stick, for one person and one time"
    )
    signed.add_argument("folder", type=Path, metavar="DIR", help="where the stick is mounted")
    signed.add_argument(
        "--key", type=Path, required=True, metavar="FILE", help="the operator's private key, PEM"
    )
    signed.add_argument("--terminal", required=True, metavar="ID")
    signed.add_argument(
        "--days", type=int, default=7, metavar="N", help="until it expires; 1 to 90, default 7"
    )
    for one in (pin, card, remove, signed):
        one.add_argument("--person", required=True, metavar="NUMBER", help="two to four digits, never a name")
    for one in (pin, card, signed):
        one.add_argument("--role", required=True, choices=_ROLES)
    training = verbs.add_parser(
        "training", help="practise with an invented citizen; the glass begins it by itself"
    )
    training.set_defaults(verb="training")
    for one in (pin, card, remove, listed, signed, training):
        one.add_argument(
            "--config", type=Path, default=_CONFIG, metavar="FILE", help="default: config/terminal.toml"
        )
        one.add_argument("--profile", default=None, metavar="NAME", help="a profile of config/profiles")
    tending.set_defaults(verb="tending")
