"""Searching whatever a visit leaves behind for the citizen, in every way that our programs write text."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

#: UTF-8: ours; UTF-16: the card's chip, and what SQLite may keep; GB18030: the printer
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
#: how a photographed page, or a document made of them, begins
_PAGES = (b"%PDF-", b"\xff\xd8\xff")


def files_below(*places: Path) -> list[Path]:
    """Every regular file in these folders, and these files."""
    found: list[Path] = []
    for place in places:
        inside = [place] if place.is_file() else sorted(place.rglob("*"))
        found += [path for path in inside if path.is_file() and not path.is_symlink()]
    return found


def traces(secrets: Iterable[str], files: Iterable[Path]) -> list[str]:
    """One line for each secret in each file; empty when there is none. Secrets are named by their place only."""
    needles = list(_needles(secrets))
    return [
        f"secret {which} as {how} in {path.name}"
        for path in files
        for content in [path.read_bytes()]
        for which, how, needle in needles
        if needle in content or needle in path.name.encode()
    ]


def bare_pages(files: Iterable[Path]) -> list[str]:
    """Files that are a page in clear."""
    return [path.name for path in files if path.read_bytes().startswith(_PAGES)]


def _needles(secrets: Iterable[str]) -> Iterator[tuple[int, str, bytes]]:
    for which, secret in enumerate(secrets):
        yield which, "JSON", json.dumps(secret).strip('"').encode()
        for encoding in _ENCODINGS:
            yield which, encoding, secret.encode(encoding)
