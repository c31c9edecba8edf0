"""`release keys|publish|refresh`: the publisher's verbs (docs/how-to/update.md)."""

import argparse
import os
import subprocess
from pathlib import Path

from ground.clock import RealClock
from tools.out import say, say_json
from tools.release.errors import Unfit
from tools.release.keyring import PASSPHRASE, new_key, public_key, signer
from tools.release.repository import Holders, Repository

_MIGRATIONS = "./usr/lib/tiantianshun/offline_cache/schema/"


def run(asked: argparse.Namespace) -> int:
    """Do one of them. Raises `ReleaseError`."""
    words = os.environ.get(PASSPHRASE, "")
    if asked.what == "keys" and asked.how == "new":
        say(str(new_key(asked.out, asked.name, words)))
        return 0
    repository = Repository(asked.repository, RealClock())
    match asked.what, getattr(asked, "how", ""):
        case "keys", "draft":
            offline = [public_key(path) for path in asked.offline]
            repository.draft(
                Holders(offline, asked.threshold, public_key(asked.release), public_key(asked.online))
            )
        case "keys", "sign":
            for role, enough in repository.sign(signer(asked.key, words)).items():
                say(f"{role:10}{'signed' if enough else 'more signatures are needed'}")
        case "keys", _:
            _show(repository, asked.json)
        case "publish", _:
            about = about_of(asked.package) | {"channel": asked.channel}
            say(
                repository.publish(
                    asked.package, about, signer(asked.key, words), signer(asked.online, words)
                )
            )
        case _:
            repository.refresh(signer(asked.online, words))
    return 0


def about_of(package: Path) -> dict[str, str | int]:
    """What a package says of itself: version, architecture, and the newest migration in it. Raises `Unfit`."""
    try:
        fields = _asked("dpkg-deb", "-f", str(package), "Package", "Version", "Architecture")
        told = dict(line.split(": ", 1) for line in fields.splitlines())
        if told["Package"] != "tiantianshun":
            raise Unfit(why="another package", package=told["Package"])
        listed = _asked("dpkg-deb", "-c", str(package))
    except (OSError, subprocess.CalledProcessError, ValueError, KeyError) as error:
        raise Unfit(why="no package", file=package.name) from error
    steps = [line.rpartition(_MIGRATIONS)[2] for line in listed.splitlines() if _MIGRATIONS in line]
    newest = max((int(step[:4]) for step in steps if step.endswith(".sql")), default=0)
    return {"version": told["Version"], "architecture": told["Architecture"], "database": newest}


def _asked(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout


def _show(repository: Repository, as_json: bool) -> None:
    told = repository.status()
    if as_json:
        say_json(told)
        return
    for each in told:
        say(f"{each['role']:10} {each['version']:4}  {each['until']}{'  expired' if each['expired'] else ''}")
