"""`backend serve|import`, and the operator's verbs (backend_operator.py)."""

import argparse
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from backend.api.imports import row
from backend.clock import RealClock
from backend.database import WrongFolder
from backend.importing import UnusableExport, exports, import_from
from backend.platform import FolderTaken, Platform
from backend.serve import ADDRESS, serve
from tools import backend_operator
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT

_IMPORT_S = 3600.0  # a full stick over USB 2; everything on it is opened and compared


def run(asked: argparse.Namespace) -> int:
    """Serve until interrupted, take a stick in, or do what an operator does."""
    match asked.what:
        case "serve":
            return _serve(asked)
        case "import":
            return _import(asked)
        case _:
            return backend_operator.run(asked)


def _serve(asked: argparse.Namespace) -> int:
    try:
        serve(asked.host, asked.port, asked.data, on_ready=lambda url: say(f"{url}/docs"))
    except OSError as error:
        complain(f"cannot serve at {asked.host}:{asked.port}: {error.strerror or error}")
        return BAD_INPUT
    except (FolderTaken, WrongFolder, ValidationError) as error:
        complain(str(error))
        return BAD_INPUT
    return 0


def _import(asked: argparse.Namespace) -> int:
    if not (asked.data / "platform.sqlite3").is_file():
        complain(f"{asked.data}: no data folder of a platform; name it with --data")
        return BAD_INPUT
    try:
        told = _import_here(asked.data, asked.folder.absolute())
    except (UnusableExport, WrongFolder, ValidationError, OSError) as error:
        complain(str(error))
        return BAD_INPUT
    if asked.json:
        say_json(told)
    for each in () if asked.json else told:
        _tell(each)
    return 1 if any(each["refused"] or each["not_taken"] for each in told) else 0


def _tell(each: dict[str, Any]) -> None:
    counts = f"{len(each['cases'])} cases, {each['new']} of them new; {each['evaluations']} new evaluations"
    counts += f", {each['messages']} new messages"
    say(f"{each['terminal_id']}: {counts}; signature: {each['signature']}")
    for case_id, number in each["cases"].items():
        say(f"  {case_id}  {number}")
    for item, reason in each["refused"].items():
        complain(f"  {item}  {reason}")
    if each["not_taken"]:
        complain(f"  {each['not_taken']} messages are of a kind that this platform does not know")


def _import_here(data: Path, folder: Path) -> list[dict[str, Any]]:
    """By this process, or by the platform that serves the data folder just now. Raises `UnusableExport`, OSError."""
    try:
        platform = Platform(data, RealClock(), sys.stderr)
    except FolderTaken:
        return _import_there(data, folder)
    try:
        return [row(import_from(platform, each)).model_dump() for each in exports(folder)]
    finally:
        platform.close()


def _import_there(data: Path, folder: Path) -> list[dict[str, Any]]:
    try:
        address = (data / ADDRESS).read_text(encoding="ascii").strip()
        token = (data / "keys" / "operator.token").read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise UnusableExport(f"{data} is in use by another process; stop it and try again") from error
    request = urllib.request.Request(
        f"{address}/v1/operator/imports",
        data=json.dumps({"folder": str(folder)}).encode("ascii"),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        # this very machine: never by a proxy
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=_IMPORT_S) as reply:
            told: list[dict[str, Any]] = json.load(reply)
    except urllib.error.HTTPError as error:
        with error:
            raise UnusableExport(json.load(error).get("detail", str(error))) from error
    return told
