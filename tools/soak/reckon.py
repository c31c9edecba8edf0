"""Afterwards: what citizens were promised against what the platform holds and what the terminal still has of them.

By the files of both sides; none of the code under test is asked.
"""

import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyrage

from kiosk.domain.case import canonical
from tools.soak.citizens import NAMES, citizen_of
from tools.soak.ledger import Line

#: of a manifest, what the signature is bound to (docs/backend-api.md)
_SIGNED = (
    "matter",
    "situation",
    "items",
    "applicant",
    "form",
    "materials",
    "plan",
    "replaced",
    "delivery",
    "agent",
)


#: as `tools.soak.citizens` invents them, wherever they begin
_NUMBERS, _PHONES = re.compile(r"(?=(429006\d{11}[\dX]))"), re.compile(r"(?=(199\d{8}))")
_ADDRESSES = re.compile("湖北省天门市岳口镇示例路\\d+号")


@dataclass
class Reckoning:
    """The result."""

    promised: int = 0  #: cases
    delivered: int = 0  #: of them
    unthanked: int = 0  #: delivered, but something came before she could be told
    reports: int = 0  #: promised messages
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    corrupt: list[str] = field(default_factory=list)  #: other bytes than were handed in
    mixed: list[str] = field(default_factory=list)  #: something of another citizen


@dataclass(frozen=True)
class HeldCase:
    """One case as it lies at the platform, opened."""

    number: str  #: the platform's
    parts: dict[str, bytes]
    level: int | None

    @property
    def manifest(self) -> dict[str, Any]:
        """What she said."""
        told: dict[str, Any] = json.loads(self.parts["p00"])
        return told


def reckon(lines: Iterable[Line], platform: Path) -> Reckoning:
    """Every promise of these visits, against the platform's folder. Nobody may be writing there."""
    lines = list(lines)
    result, held = Reckoning(), list(cases_at(platform))
    # a walk through the real face lays the same sheets each time; its terminal has letters of its own
    walked = {case.number for case in held if case.manifest["local_number"].startswith("G")}
    by_local = {case.manifest["local_number"]: case for case in held}
    by_number = {case.number: case for case in held}
    for name, numbers in (
        ("local number", Counter(case.manifest["local_number"] for case in held)),
        ("acceptance number", Counter(case.number for case in held)),
        ("case", Counter(case.manifest["case_id"] for case in held)),
        ("page of", Counter(page for case in held if case.number not in walked for page in _pages(case))),
    ):
        result.doubled += [
            f"{name} {number}: {count} times" for number, count in numbers.items() if count > 1
        ]
    promised = set()
    for line in lines:
        if line.local_number or line.case_number:
            result.promised += 1
            case = by_local.get(line.local_number) or by_number.get(line.case_number)
            if case is not None:
                promised.add(case.number)
            _keep(line, case, result)
    result.unthanked = len(by_number.keys() - promised)
    for case in held:
        result.corrupt += [f"{case.manifest['local_number']}: {what}" for what in _changed(case)]
    _reports(lines, platform, result)
    return result


def _keep(line: Line, case: HeldCase | None, result: Reckoning) -> None:
    if case is None:
        result.lost.append(f"visit {line.visit}: {line.local_number or line.case_number}")
        return
    result.delivered += 1
    manifest, who = case.manifest, f"visit {line.visit}"
    stood_here = manifest.get("agent") or manifest["applicant"]  # she may do it for somebody else
    if stood_here["number"] != line.number or stood_here["name"] != line.name:
        result.mixed.append(f"{who}: another applicant")
    if line.case_number and line.case_number != case.number:
        result.corrupt.append(f"{who}: another number than she was told")
    if line.digest and not _signed(manifest).startswith(line.digest):
        result.corrupt.append(f"{who}: not what she signed")
    if line.rated is not None and case.level != line.rated:
        result.lost.append(f"{who}: her rating")


def _changed(case: HeldCase) -> Iterator[str]:
    """What of a case is not what its signature is bound to."""
    manifest = case.manifest
    if manifest["signature"]["signs"] != _signed(manifest):
        yield "the signature is bound to something else"
    for part in (manifest["signature"], *manifest["materials"]):
        if hashlib.sha256(case.parts.get(part["part"], b"")).hexdigest() != part["sha256"]:
            yield f"part {part['part']}"


def _signed(manifest: dict[str, Any]) -> str:
    told = {name: manifest[name] for name in _SIGNED if name in manifest}
    return hashlib.sha256(canonical(told)).hexdigest()


def _pages(case: HeldCase) -> Iterator[str]:
    """No two papers are alike (`tools.soak.hands`): one that is there twice is in somebody else's case."""
    for material in case.manifest["materials"]:
        yield str(material["sha256"])


def cases_at(platform: Path) -> Iterator[HeldCase]:
    """Every case in the platform's folder. Nobody may be writing there."""
    key = (platform / "keys" / "identity.age").read_text(encoding="utf-8").strip()
    identity = pyrage.x25519.Identity.from_str(key)
    with closing(sqlite3.connect(platform / "platform.sqlite3")) as db:
        levels = dict(db.execute("SELECT case_id, level FROM evaluations"))
        for case_id, number in db.execute("SELECT case_id, acceptance_number FROM cases").fetchall():
            named = db.execute("SELECT part, upload_id FROM case_parts WHERE case_id = ?", (case_id,))
            parts = {
                part: pyrage.decrypt((platform / "files" / upload).read_bytes(), [identity])
                for part, upload in named
            }
            yield HeldCase(number, parts, levels.get(case_id))


def _reports(lines: Iterable[Line], platform: Path, result: Reckoning) -> None:
    with closing(sqlite3.connect(platform / "platform.sqlite3")) as db:
        bodies = [json.loads(body) for (body,) in db.execute("SELECT body FROM messages")]
    there = Counter(body["ticket"] for body in bodies if "ticket" in body)
    for line in lines:
        for ticket in line.tickets:
            result.reports += 1
            if ticket not in there:
                result.lost.append(f"visit {line.visit}: report {ticket}")
    result.doubled += [f"report {ticket}: {count} times" for ticket, count in there.items() if count > 1]


def left_behind(visits: int, *places: Path) -> list[str]:
    """Files below these folders in which a citizen of these visits is named; empty when everything was wiped."""
    citizens = [citizen_of(visit) for visit in range(visits)]
    hers = {
        told for one in citizens for told in (one.card.number, one.phone, one.card.name, one.card.address)
    }
    files = [each for place in places for each in ([place] if place.is_file() else place.rglob("*"))]
    found = []
    for path in sorted(each for each in files if each.is_file()):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # a database was closed meanwhile and took its side file with it
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            text = content.decode(encoding, "ignore")
            if any(told in hers for told in _perhaps_hers(text)):
                found.append(f"{path.name}: a citizen ({encoding})")
    return found


def _perhaps_hers(text: str) -> Iterator[str]:
    for pattern in (_NUMBERS, _PHONES, NAMES, _ADDRESSES):
        yield from pattern.findall(text)
