"""`audit`: known weaknesses of what is locked and installed, from advisories in OSV form that somebody brings. Offline.

The files are those of osv.dev's exports (`PyPI/all.zip`, `Debian/all.zip`), or single ones. pip-audit was weighed: it
asks a service for each package, and has no way to read a file that was brought.
"""

import argparse
import json
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cmp_to_key
from pathlib import Path
from typing import Annotated

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version
from pydantic import BaseModel, Field, ValidationError

from ground.clock import RealClock
from kiosk.words import Words
from tools.assemble import WORDS
from tools.locked import locked
from tools.out import complain, say, say_json
from tools.sbom import installed_debian
from tools.settings import BAD_INPUT

_FOUND = 1
_LONGEST = 4 * 1024 * 1024  # bytes of one advisory
_OLD = timedelta(days=30)  # chosen: what was brought longer ago than that proves little
_OS = Path("/etc/os-release")

Order = Callable[
    [str, str], int
]  #: negative, 0 or positive, as the first version is older, the same or newer


class _Package(BaseModel):
    ecosystem: str
    name: str


class _Range(BaseModel):
    type: str
    events: list[dict[str, str]] = []


class _Affected(BaseModel):
    package: _Package | None = None
    ranges: list[_Range] = []
    versions: list[str] = []


class Advisory(BaseModel):
    """As much of an OSV record (schema 1.x) as matters here."""

    id: Annotated[str, Field(max_length=200)]
    modified: datetime
    withdrawn: datetime | None = None
    aliases: list[str] = []
    summary: str = ""
    affected: list[_Affected] = []


@dataclass(frozen=True, slots=True)
class Finding:
    """One weakness of one package that is here."""

    id: str
    aliases: tuple[str, ...]
    ecosystem: str
    package: str
    version: str
    fixed: str  #: the first version without it; "" when there is none yet
    summary: str


class BadAdvisories(Exception):
    """What was brought cannot be read."""


def run(asked: argparse.Namespace) -> int:
    """Compare, and say what was found."""
    words = Words.load(WORDS, "zh-Hans")
    here = installed()
    try:
        findings, count, newest = audit(read(asked.advisories), here)
    except (BadAdvisories, OSError) as error:
        complain(words("audit.unreadable", what=str(error)))
        return BAD_INPUT
    now = RealClock().now()
    old = newest is None or now - newest > _OLD
    packages = {kind: len(names) for kind, names in here.items()}
    if asked.json:
        told = {"ok": not findings and not old, "packages": packages, "advisories": count, "too_old": old}
        newest_said = newest.isoformat() if newest else None
        say_json(told | {"newest": newest_said, "findings": [asdict(each) for each in findings]})
    else:
        for each in findings:
            names = ", ".join((each.id, *each.aliases))
            mend = words("audit.fixed", version=each.fixed) if each.fixed else words("audit.not_fixed")
            say(f"{each.package} {each.version}  {names}  {mend}  {each.summary}")
        complain(words("audit.done", found=len(findings), advisories=count, packages=sum(packages.values())))
        if old:
            complain(words("audit.old", newest=f"{newest:%Y-%m-%d}" if newest else "-"))
    return _FOUND if findings or old else 0


def installed() -> dict[str, dict[str, str]]:
    """Ecosystem as OSV names it → package → version: what is locked for this machine, and Debian's source packages."""
    here = {"PyPI": {str(each.name): each.version for each in locked() if each.here}}
    debian = {source: version for _, _, source, version in installed_debian()}
    if debian:
        here[_release()] = debian
    return here


def _release() -> str:
    """`Debian:12`, `Ubuntu:22.04` …, as this machine names itself."""
    told = dict(line.split("=", 1) for line in _OS.read_text(encoding="utf-8").splitlines() if "=" in line)
    name = told.get("ID", "debian").strip('"').capitalize()
    return f"{name}:{told.get('VERSION_ID', '').strip(chr(34))}"


def read(paths: Iterable[Path]) -> Iterator[Advisory]:
    """Every advisory in files, folders and zip archives. Raises `BadAdvisories` and OSError."""
    for path in paths:
        if path.is_dir():
            yield from read(sorted(path.rglob("*.json")))
        elif path.suffix == ".zip":
            yield from _zipped(path)
        else:
            with path.open("rb") as file:
                yield _parsed(file.read(_LONGEST + 1), path.name)


def _zipped(path: Path) -> Iterator[Advisory]:
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if member.filename.endswith(".json"):
                    with archive.open(member) as file:
                        yield _parsed(file.read(_LONGEST + 1), member.filename)
    except zipfile.BadZipFile as error:
        raise BadAdvisories(f"{path.name}: {error}") from error


def _parsed(content: bytes, name: str) -> Advisory:
    if len(content) > _LONGEST:
        raise BadAdvisories(f"{name}: too long")
    try:
        return Advisory.model_validate(json.loads(content))
    except (ValueError, RecursionError, ValidationError) as error:
        raise BadAdvisories(f"{name}: {type(error).__name__}") from error


def audit(
    advisories: Iterable[Advisory], here: Mapping[str, Mapping[str, str]]
) -> tuple[list[Finding], int, datetime | None]:
    """What is found, how many advisories there were, and when the newest was written."""
    found: dict[tuple[str, str], Finding] = {}
    count, newest = 0, None
    for advisory in advisories:
        count += 1
        modified = advisory.modified if advisory.modified.tzinfo else advisory.modified.replace(tzinfo=UTC)
        newest = modified if newest is None else max(newest, modified)
        if advisory.withdrawn is None:
            for finding in _findings(advisory, here):
                found.setdefault((finding.id, finding.package), finding)
    return sorted(found.values(), key=lambda each: (each.package, each.id)), count, newest


def _findings(advisory: Advisory, here: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    for affected in advisory.affected:
        package = affected.package
        if package is None:
            continue
        python = package.ecosystem == "PyPI"
        name = canonicalize_name(package.name) if python else package.name
        version = here.get(package.ecosystem, {}).get(name)
        if version is None:
            continue
        order = python_order if python else debian_order
        if version in affected.versions or any(_hits(version, each, order) for each in affected.ranges):
            fixed = _fixed(version, affected.ranges, order)
            said = " ".join(advisory.summary.split())[:200]
            yield Finding(advisory.id, tuple(advisory.aliases), package.ecosystem, name, version, fixed, said)


def _hits(version: str, over: _Range, order: Order) -> bool:
    """OSV's own rule: the events in the order of versions, each switching."""
    if over.type not in ("ECOSYSTEM", "SEMVER"):
        return False
    hit = False

    def placed(one: tuple[str, str], other: tuple[str, str]) -> int:
        if "0" in (one[1], other[1]):  # before every version
            return (one[1] != "0") - (other[1] != "0")
        return order(one[1], other[1])

    for kind, at in sorted(_events(over), key=cmp_to_key(placed)):
        if kind == "introduced" and (at == "0" or order(version, at) >= 0):
            hit = True
        elif (kind == "fixed" and order(version, at) >= 0) or (
            kind == "last_affected" and order(version, at) > 0
        ):
            hit = False
    return hit


def _events(over: _Range) -> list[tuple[str, str]]:
    return [each for event in over.events for each in event.items()]


def _fixed(version: str, ranges: Iterable[_Range], order: Order) -> str:
    later = [
        at for over in ranges for kind, at in _events(over) if kind == "fixed" and order(version, at) < 0
    ]
    return min(later, key=cmp_to_key(order), default="")


def python_order(one: str, other: str) -> int:
    """PEP 440; what is no such version counts as older than any that is."""
    first, second = _pep440(one), _pep440(other)
    if first is None or second is None:
        return (first is not None) - (second is not None)
    return (first > second) - (first < second)


def _pep440(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def debian_order(one: str, other: str) -> int:
    """Debian's own rule, by dpkg."""
    if one == other:
        return 0
    older = subprocess.run(["dpkg", "--compare-versions", one, "lt", other], capture_output=True, check=False)
    return -1 if older.returncode == 0 else 1
