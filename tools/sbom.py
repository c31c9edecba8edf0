"""`sbom`: what this software is made of, as a CycloneDX 1.6 bill of materials. The same input gives the same bytes.

Written here: it is one JSON document, and the library for it brings six packages to hold the same fields. The test
holds it against the official schema.
"""

import argparse
import json
import subprocess
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kiosk.running import code_files, digest
from tools.cli import ROOT
from tools.locked import Locked, locked
from tools.out import complain, say
from tools.version import VERSION

NAME = "tiantianshun-kiosk"
APT = ROOT / "deploy" / "apt-packages.txt"
_SPACE = uuid.UUID("6f1d3a52-5c1e-5b7e-9a40-2d8c0c6b6a11")  # of our serial numbers; drawn once
#: Data that was made from a package which is not installed (docs/dependencies.md).
_MADE_FROM = ({"name": "china-division", "version": "2.7.0", "purl": "pkg:npm/china-division@2.7.0"},)


def run(asked: argparse.Namespace) -> int:
    """Write the bill to a file, or to standard output."""
    try:
        text = bill(locked(), debian_packages(APT), digest(code_files(ROOT)))
        if asked.out is None:
            say(text)
            return 0
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}")
        return 2
    return 0


def bill(packages: Sequence[Locked], debian: Mapping[str, str], code: str) -> str:
    """The document. `debian`: name → version, "" where it is not installed here; `code`: digest of our own files."""
    own = f"pkg:generic/{NAME}@{VERSION}"
    components = [*map(_python, packages), *(_debian(*each) for each in sorted(debian.items())), *_data()]
    content: dict[str, Any] = {
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": NAME,
                "version": VERSION,
                "purl": own,
                "hashes": [{"alg": "SHA-256", "content": code}],
                "properties": [
                    {"name": "tiantianshun:hash-of", "value": "sorted list of files, see kiosk/running.py"}
                ],
            }
        },
        "components": components,
        "dependencies": list(_dependencies(own, packages, components)),
    }
    serial = uuid.uuid5(_SPACE, json.dumps(content, sort_keys=True))
    head = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
    }
    return json.dumps(head | content, indent=1, ensure_ascii=False)


def debian_packages(path: Path) -> dict[str, str]:
    """The packages that the set-up installs, with their versions on this machine. Raises OSError."""
    lines = path.read_text(encoding="utf-8").splitlines()
    wanted = [line.partition("#")[0].strip() for line in lines]
    found = {name: version for name, version, *_ in installed_debian()}
    return {name: found.get(name, "") for name in wanted if name}


def installed_debian() -> Iterator[tuple[str, str, str, str]]:
    """Package, version, source package and its version of all that dpkg has; nothing where there is no dpkg."""
    form = "${Package}\t${Version}\t${source:Package}\t${source:Version}\t${db:Status-Status}\n"
    try:
        told = subprocess.run(
            ["dpkg-query", "-W", "-f", form], capture_output=True, text=True, encoding="utf-8", check=False
        )
    except FileNotFoundError:
        return
    for line in told.stdout.splitlines():
        name, version, source, source_version, status = line.split("\t")
        if status == "installed":
            yield name, version, source, source_version


def _reference(package: Locked) -> str:
    return f"pkg:pypi/{package.name}@{quote(package.version, safe='.+!')}"


def _python(package: Locked) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": _reference(package),
        "name": package.name,
        "version": package.version,
        "purl": _reference(package),
        "hashes": [{"alg": "SHA-256", "content": content} for content in package.hashes],
    }
    if package.marker is not None:
        component["properties"] = [{"name": "tiantianshun:marker", "value": str(package.marker)}]
    licence = _licence(package)
    if licence:
        component["licenses"] = [{"license": {"name": licence}}]
    return component


def _licence(package: Locked) -> str:
    """As the installed package names it; "" when this very version is not installed here."""
    try:
        told: Any = metadata(package.name)  # a message; its Protocol leaves out what it can do
    except PackageNotFoundError:
        return ""
    if told["Version"] != package.version:
        return ""
    named = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if line.startswith("License ::")
    ]
    expression = told.get("License-Expression") or " and ".join(named)
    short = (told.get("License") or "").strip().splitlines()
    return expression or (short[0] if short else "")


def _debian(name: str, version: str) -> dict[str, Any]:
    reference = f"pkg:deb/debian/{name}" + (f"@{quote(version, safe='.+~')}" if version else "")
    component = {"type": "library", "bom-ref": reference, "name": name, "purl": reference}
    return component | ({"version": version} if version else {})


def _data() -> Iterator[dict[str, Any]]:
    for each in _MADE_FROM:
        yield {"type": "data", "bom-ref": each["purl"], **each}


def _dependencies(
    own: str, packages: Sequence[Locked], components: Iterable[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Who needs whom, as the lock says it."""
    needs: dict[str, set[str]] = defaultdict(set)
    references = {_reference(package): package for package in packages}
    for package in packages:
        for wanting in package.wanted_by:
            needs[wanting].add(_reference(package))
    ours = [each["bom-ref"] for each in components if each["bom-ref"] not in references]
    ours += [_reference(package) for package in packages if package.direct]
    yield {"ref": own, "dependsOn": sorted(ours)}
    for reference, package in references.items():
        yield {"ref": reference, "dependsOn": sorted(needs.get(package.name, ()))}
