"""What an operator does by `backend publish` and its like, whether the platform runs or not."""

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from backend.database import WrongFolder
from backend.platform import FolderTaken
from backend.serve import ADDRESS, LiveServer
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT

_PATIENCE_S = 60.0


class Declined(Exception):
    """The platform refused, or cannot be asked; `str()` says why."""


def run(asked: argparse.Namespace) -> int:
    """One question, one answer."""
    if not (asked.data / "platform.sqlite3").is_file():
        complain(f"{asked.data}: no data folder of a platform; name it with --data")
        return BAD_INPUT
    try:
        with _platform(asked.data) as address:
            told = _ask(address, asked.data, *_question(asked))
    except (Declined, WrongFolder, ValidationError, OSError) as error:
        complain(str(error))
        return 1
    if asked.json:
        say_json(told)
    else:
        _tell(asked.what, told)
    return 0


def _question(asked: argparse.Namespace) -> tuple[str, str, Mapping[str, Any] | None]:
    match asked.what:
        case "publish":
            return "POST", f"/downloads/{asked.name}", {"folder": str(asked.folder.absolute())}
        case "new-recipient":
            return "POST", "/recipients", {"days": asked.days}
        case "terminals":
            return "GET", "/terminals", None
        case "forget-key":
            return "DELETE", f"/terminals/{asked.terminal}/key", None
        case _:
            return "POST", f"/terminals/{asked.terminal}/{asked.what}", None


def _tell(what: str, told: Any) -> None:
    match what:
        case "publish":
            say(f"{told['name']}, version {told['version']}")
        case "new-recipient":
            say(f"{told['recipient']}, list version {told['version']}")
        case "forget-key":
            say("forgotten")
        case "terminals":
            for each in told:
                _tell("", each)
        case _:
            state = f"revoked {told['revoked_at']}" if told["revoked_at"] else "in use"
            key = f"{told['key_id'] or '-'}  {told['public_key'] or ''}".rstrip()
            say(f"{told['terminal_id']}  {told['name']}  key {key}  {state}")


@contextmanager
def _platform(data: Path) -> Iterator[str]:
    """The address of the platform that serves this folder; one is started for the while when none does."""
    try:
        with LiveServer(data, journal=sys.stderr) as live:
            yield live.url
    except FolderTaken:
        try:
            address = (data / ADDRESS).read_text(encoding="ascii").strip()
        except FileNotFoundError as error:
            raise Declined(f"{data} is in use by another process; stop it and try again") from error
        yield address


def _ask(address: str, data: Path, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
    token = (data / "keys" / "operator.token").read_text(encoding="utf-8").strip()
    request = urllib.request.Request(
        f"{address}/v1/operator{path}",
        data=None if body is None else json.dumps(body).encode("ascii"),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method=method,
    )
    try:
        # this very machine: never by a proxy
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=_PATIENCE_S) as reply:
            content = reply.read()
    except urllib.error.HTTPError as error:
        with error:
            said = json.load(error)
        raise Declined(f"{said.get('code', '')} {said.get('detail', error)}") from error
    return json.loads(content) if content else {}
