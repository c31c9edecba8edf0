"""Arguments of `release …`: what a publisher does with keys, and what a terminal does with releases."""

import argparse
from pathlib import Path
from typing import TypeAlias

from tools.where import CONFIG as _CONFIG

_Verbs: TypeAlias = (
    "argparse._SubParsersAction[argparse.ArgumentParser]"  # argparse has no public name for it
)


def add_release_verbs(verbs: _Verbs) -> None:
    """`release`."""
    release = verbs.add_parser("release", help="signed releases: publish, fetch, switch, go back")
    what = release.add_subparsers(dest="what", required=True, metavar="WHAT")
    _publisher(what)
    _terminal(what)
    release.set_defaults(verb="release")


def _publisher(what: _Verbs) -> None:
    keys = what.add_parser("keys", help="publisher: make keys, say who holds them, sign, look at them")
    how = keys.add_subparsers(dest="how", required=True, metavar="HOW")
    new = how.add_parser("new", help="a key pair: NAME.key and NAME.pub")
    new.add_argument("name", metavar="NAME")
    new.add_argument("--out", type=Path, default=Path(), metavar="DIR")
    draft = how.add_parser(
        "draft", help="the first, or the next, list of whose signatures count; then `sign`"
    )
    draft.add_argument("--offline", type=Path, action="append", required=True, metavar="FILE.pub")
    draft.add_argument(
        "--threshold", type=int, default=2, metavar="N", help="of the offline keys; default: 2"
    )
    draft.add_argument("--release", type=Path, required=True, metavar="FILE.pub", help="who makes releases")
    draft.add_argument("--online", type=Path, required=True, metavar="FILE.pub", help="lies on the server")
    sign = how.add_parser("sign", help="add an offline key's signature to what was drafted")
    sign.add_argument("--key", type=Path, required=True, metavar="FILE.key")
    show = how.add_parser("show", help="each role, and until when its word holds")
    publish = what.add_parser("publish", help="publisher: hand a package out as the newest release")
    publish.add_argument("package", type=Path, metavar="FILE.deb")
    publish.add_argument("--key", type=Path, required=True, metavar="FILE.key", help="who makes releases")
    publish.add_argument("--channel", default="stable", metavar="NAME")
    refresh = what.add_parser(
        "refresh", help="publisher: say anew that this is the newest; weekly, on the server"
    )
    for one in (publish, refresh):
        one.add_argument("--online", type=Path, required=True, metavar="FILE.key")
    for one in (draft, sign, show, publish, refresh):
        one.add_argument("--repository", type=Path, required=True, metavar="DIR")
    show.add_argument("--json", action="store_true")


def _terminal(what: _Verbs) -> None:
    check = what.add_parser("check", help="whether there is a newer release")
    fetch = what.add_parser("fetch", help="fetch and judge it, for `install`")
    install = what.add_parser("install", help="root: put what was fetched beside the release that runs")
    switch = what.add_parser(
        "switch", help="root: put an installed release on trial as soon as nobody is there"
    )
    switch.add_argument(
        "version", nargs="?", default="", metavar="VERSION", help="default: what was installed last"
    )
    switch.add_argument("--again", action="store_true", help="also one that failed before")
    confirm = what.add_parser("confirm", help="root: end the trial now; the release is good")
    back = what.add_parser("rollback", help="root: return to the release before")
    listed = what.add_parser("list", help="the releases on this terminal")
    status = what.add_parser("status", help="what runs, what is on trial, what was refused")
    tend = what.add_parser(
        "tend", help="what the timer does: install, switch in the quiet hour, watch, return"
    )
    readable = what.add_parser("readable", help="make the outbox readable for this release after a return")
    for source in (check, fetch, install):
        source.add_argument(
            "--from",
            dest="folder",
            type=Path,
            metavar="DIR",
            help="a stick with the repository; default: the network",
        )
    for each in (check, fetch, install, switch, confirm, back, listed, status, tend, readable):
        each.add_argument("--json", action="store_true")
        each.add_argument("--config", type=Path, default=_CONFIG, metavar="FILE")
        each.add_argument("--profile", default=None, metavar="NAME")
