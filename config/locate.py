"""On which line of a TOML file a key stands: `tomllib` does not tell, and a technician needs to know."""

import re

Place = tuple[str, ...]

_TABLE = re.compile(r"^\s*\[{1,2}\s*(?P<name>[^\]]+?)\s*\]{1,2}\s*(#.*)?$")
_KEY = re.compile(
    r"""^\s*(?P<name>(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_LONG_QUOTES = ('"""', "'''")


def key_lines(text: str) -> dict[Place, int]:
    """Every table and key of a valid TOML text → its line, from 1. Inline tables count as one key."""
    lines: dict[Place, int] = {}
    table: Place = ()
    quote = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if quote:
            quote = "" if quote in line else quote
            continue
        if heading := _TABLE.match(line):
            table = _parts(heading["name"])
            _note(lines, table, number)
        elif key := _KEY.match(line):
            _note(lines, (*table, *_parts(key["name"])), number)
            quote = _left_open(line[key.end() :])
    return lines


def _note(lines: dict[Place, int], place: Place, number: int) -> None:
    for length in range(1, len(place) + 1):
        lines.setdefault(place[:length], number)


def _parts(name: str) -> Place:
    return tuple(part.strip("\"'") for part in _PART.findall(name))


def _left_open(value: str) -> str:
    """The quotes of a text that goes on in the next line, or ""."""
    return next((q for q in _LONG_QUOTES if value.count(q) % 2), "")
