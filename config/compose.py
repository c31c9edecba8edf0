"""Changes values of a terminal.toml and leaves everything else as it stands: comments, order, a technician's own lines.

What the file shows behind a `#` is uncommented when it gets a value, so that its comment stays beside it.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from config.locate import Place

#: place → value; None takes a value, or a device's whole table, out of the file
Changes = Mapping[Place, Any]

_TABLE = re.compile(r"^\s*\[\s*(?P<name>[A-Za-z0-9_.-]+)\s*\]\s*(#.*)?$")
_KEY = re.compile(r"^(?P<off># )?(?P<key>[A-Za-z0-9_-]+) = ")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class NotComposed(ValueError):
    """The file is written in a way that cannot be changed line by line; it is left as it was."""


def no_comment(place: Place) -> str:
    """Nothing is said of a value that the file did not show."""
    return ""


def composed(text: str, changes: Changes, comment: Callable[[Place], str] = no_comment) -> str:
    """`text` with these changes. `comment` says what a value means that the file did not show.

    Raises `NotComposed`, also when what came out would not say what was asked.
    """
    tables = _tables(text)
    for place, value in changes.items():
        if len(place) == 2 and (value is None or isinstance(value, Mapping)) and place[0] == "devices":
            _put_table(tables, place, value, comment)
        else:
            _put_value(tables, place, value, comment)
    written = "\n".join(line for _, lines in tables for line in lines).rstrip("\n") + "\n"
    _prove(written, changes)
    return written


def toml_value(value: Any) -> str:
    """A value as TOML writes it, on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case Mapping():
            inside = ", ".join(f"{_name(str(key))} = {toml_value(inner)}" for key, inner in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case list() | tuple():
            return f"[{', '.join(map(toml_value, value))}]"
        case str() | Path():
            return _quoted(str(value))
        case _:
            raise NotComposed(f"no TOML is known for {type(value).__name__}")


_Tables = list[tuple[Place, list[str]]]


def _tables(text: str) -> _Tables:
    """The lines, by the table in which they stand; () before the first."""
    tables: _Tables = [((), [])]
    for line in text.splitlines():
        if heading := _TABLE.match(line):
            tables.append((tuple(heading["name"].split(".")), []))
        tables[-1][1].append(line)
    return tables


def _put_value(tables: _Tables, place: Place, value: Any, comment: Callable[[Place], str]) -> None:
    table = next((lines for name, lines in tables if name == place[:-1]), None)
    if table is None:
        if value is None:
            return
        tables[-1][1].append("")
        table = [f"[{'.'.join(place[:-1])}]"]  # its heading comes first, as in a table that was read
        tables.append((place[:-1], table))
    shown = _shown_at(table, place[-1])
    if shown is None:
        if value is not None:
            table.insert(_end_of(table), _line(place, value, comment(place)))
        return
    first, last = shown
    if value is None:
        del table[first:last]
        return
    beside = _comment_of(table[first:last])
    table[first:last] = [_line(place, value, beside or comment(place))]


def _put_table(
    tables: _Tables, place: Place, value: Mapping[str, Any] | None, comment: Callable[[Place], str]
) -> None:
    """A device: changed in place while its driver stays, else written anew."""
    at = next((number for number, (name, _) in enumerate(tables) if name == place), None)
    if value is None:
        if at is not None:
            _take_out(tables, at)
        return
    if at is not None and _driver_of(tables[at][1]) == value.get("driver"):
        for key, inner in value.items():
            _put_value(tables, (*place, key), inner, comment)
        return
    rows = [f"[{'.'.join(place)}]{comment(place)}"]
    rows += [_line((*place, key), inner, comment((*place, key))) for key, inner in value.items()]
    if at is None:
        tables.append((place, ["", *rows]))
    else:
        tail = _tail_of(tables[at][1])
        tables[at] = (place, rows + tail)


def _take_out(tables: _Tables, at: int) -> None:
    """A table without what stands below it, which belongs to the next one."""
    tail = _tail_of(tables[at][1])
    tables[at - 1][1].extend(tail)
    del tables[at]


def _tail_of(lines: list[str]) -> list[str]:
    return lines[_end_of(lines) :]


def _end_of(lines: list[str]) -> int:
    """Behind the last value, shown or commented out: there the next one may stand."""
    last = max((number for number, line in enumerate(lines) if _KEY.match(line)), default=0)
    found = (
        _shown_at(lines[last:], key["key"]) if (key := _KEY.match(lines[last])) and not key["off"] else None
    )
    return last + (found[1] if found else 1)


def _shown_at(lines: list[str], name: str) -> tuple[int, int] | None:
    """From which line to which one a value stands; one that is commented out counts where no other does."""
    off = None
    for number, line in enumerate(lines):
        key = _KEY.match(line)
        if key is None or key["key"] != name:
            continue
        if key["off"]:
            off = off or (number, number + 1)
            continue
        for last in range(number + 1, len(lines) + 1):
            if _parsed("\n".join(lines[number:last])) is not None:
                return number, last
        raise NotComposed(name)
    return off


def _driver_of(lines: list[str]) -> Any:
    shown = _shown_at(lines, "driver")
    told = _parsed("\n".join(lines[shown[0] : shown[1]])) if shown else None
    return None if told is None else told.get("driver")


def _line(place: Place, value: Any, beside: str) -> str:
    return f"{_name(place[-1])} = {toml_value(value)}{beside}"


def _name(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _quoted(text: str) -> str:
    """A basic string; JSON writes the same, but for the one control character that it leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment_of(lines: list[str]) -> str:
    """What stands behind the value, with the blanks before it; "" when nothing does."""
    line = lines[-1].removeprefix("# ")
    head = "\n".join(lines[:-1])
    for at, character in enumerate(line):
        if character == "#" and _parsed(f"{head}\n{line[:at]}".strip()) is not None:
            return f"  {line[at:]}"
    return ""


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _prove(text: str, changes: Changes) -> None:
    told = _parsed(text)
    if told is None:
        raise NotComposed("what came out is no TOML")
    for place, value in changes.items():
        found: Any = told
        for name in place:
            found = found.get(name) if isinstance(found, dict) else None
        wanted = _parsed(f"it = {toml_value(value)}") if value is not None else {"it": None}
        assert wanted is not None
        if isinstance(value, Mapping) and isinstance(found, dict) and place[0] == "devices":
            found = {key: found.get(key) for key in value}  # what else the device's table says stays
        if found != wanted["it"]:
            raise NotComposed(".".join(place))
