"""Arguments of the verbs by which others can check this terminal: its log, its version, what it is made of."""

import argparse
from pathlib import Path
from typing import TypeAlias

from tools.where import CONFIG as _CONFIG

_Verbs: TypeAlias = (
    "argparse._SubParsersAction[argparse.ArgumentParser]"  # argparse has no public name for it
)


def add_trust_verbs(verbs: _Verbs) -> None:
    """`log`, and what else belongs here."""
    log = verbs.add_parser("log", help="verify, export or show the event log")
    what = log.add_subparsers(dest="what", required=True, metavar="WHAT")
    _verify(what)
    export = what.add_parser("export", help="what is new since the last export, signed, to a folder or stick")
    export.add_argument("folder", type=Path, metavar="DIR")
    export.add_argument("--since", type=int, metavar="SEQ", help="from this record on, whatever was exported")
    shown = what.add_parser("show", help="the log in sentences")
    shown.add_argument(
        "exports", nargs="*", type=Path, metavar="EXPORT.jsonl", help="default: this terminal's"
    )
    shown.add_argument("--since", metavar="TIME", help="2026-11-22 or 2026-11-22T08:00, China's time")
    shown.add_argument("--until", metavar="TIME")
    shown.add_argument("--event", action="append", metavar="EVENT", help="such as card_read; may be repeated")
    shown.add_argument("--by", metavar="PROCESS", help="face, uploader, drain, technician")
    shown.add_argument("--visit", metavar="NUMBER|last", help="the record that began it, as show says it")
    shown.add_argument("--case", metavar="ID")
    shown.add_argument("--last", type=int, default=0, metavar="N", help="only the newest N")
    for each in what.choices.values():
        each.add_argument("--json", action="store_true")
        _configured(each)
    log.set_defaults(verb="log")
    _version(verbs)


def _version(verbs: _Verbs) -> None:
    version = verbs.add_parser(
        "version", help="what runs here, signed; and the check of what a terminal said"
    )
    version.add_argument("--json", action="store_true")
    what = version.add_mutually_exclusive_group()
    what.add_argument("--qr", type=Path, metavar="OUT.png", help="the statement as a QR code")
    what.add_argument("--manifest", type=Path, metavar="OUT.json", help="the list of files, for a release")
    what.add_argument("--check", metavar="TEXT|FILE|PICTURE", help="what a terminal's code said")
    version.add_argument("--key", metavar="BASE64", help="with --check: that terminal's public key")
    version.add_argument(
        "--max-age-min",
        type=float,
        default=0.0,
        metavar="N",
        help="with --check: no older than so many minutes",
    )
    version.add_argument(
        "--against", type=Path, metavar="RELEASE.json", help="what --manifest wrote for a release"
    )
    _configured(version)
    version.set_defaults(verb="version")
    retention = verbs.add_parser("retention", help="what is kept here, how old it is, what was deleted when")
    retention.add_argument("--json", action="store_true")
    retention.add_argument("--clear", metavar="CLASS", help="delete what is overdue and left to a technician")
    _configured(retention)
    retention.set_defaults(verb="retention")
    sbom = verbs.add_parser("sbom", help="what this software is made of, as CycloneDX")
    sbom.add_argument("out", nargs="?", type=Path, metavar="OUT.json", help="default: standard output")
    sbom.set_defaults(verb="sbom")
    audit = verbs.add_parser(
        "audit", help="known weaknesses, from advisories (OSV) that were brought; offline"
    )
    audit.add_argument("advisories", nargs="+", type=Path, metavar="FILE.json|FILE.zip|DIR")
    audit.add_argument("--json", action="store_true")
    audit.set_defaults(verb="audit")


def _verify(what: _Verbs) -> None:
    verify = what.add_parser("verify", help="whether anybody changed it, and where; exit 2 when so")
    verify.add_argument(
        "exports", nargs="*", type=Path, metavar="EXPORT.jsonl", help="default: this terminal's log"
    )
    verify.add_argument(
        "--key", metavar="BASE64", help="the public key to believe; default: this terminal's own"
    )
    verify.add_argument(
        "--against",
        action="append",
        default=[],
        type=Path,
        metavar="EXPORT.jsonl",
        help="an earlier export, of which this log must be the continuation",
    )


def _configured(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--config", type=Path, default=_CONFIG, metavar="FILE", help="default: config/terminal.toml"
    )
    verb.add_argument("--profile", default=None, metavar="NAME", help="a profile of config/profiles")
