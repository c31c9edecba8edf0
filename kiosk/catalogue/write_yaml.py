"""Writes entries into the catalogue's files. Whatever is not changed keeps its words, its order and its comments."""

import enum
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml
from pydantic import BaseModel

from kiosk.catalogue.document import Document, Place

_WIDTH = 110  # characters a line


def plain_entry(part: BaseModel) -> dict[str, Any]:
    """What a part says beyond its defaults, as YAML knows it; short where a file may be short."""
    told: dict[str, Any] = _plain(part.model_dump(exclude_defaults=True))
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_short(_plain(inner)) for inner in value]
    if isinstance(value, enum.Enum):
        return value.value
    return value


def _short(entry: Any) -> Any:
    """A field or slot without rules is its bare name."""
    if isinstance(entry, dict) and len(entry) == 1:
        ((key, value),) = entry.items()
        return value if key in ("name", "slot") else entry
    return entry


class _Dumper(yaml.SafeDumper):
    """Lists are indented, nothing is an alias, texts are quoted, dates are not."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]*", text) and text.lower() not in _NOT_TEXT
    style = None if plain else "|" if "\n" in text else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_NOT_TEXT = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
_Dumper.add_representer(str, _text)
_Dumper.add_representer(date, yaml.SafeDumper.yaml_representers[date])


def dumped(content: Any) -> str:
    """YAML, as a clerk would write it: what is small in one line."""
    text: str = yaml.dump(
        content,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=_WIDTH,
        default_flow_style=None,
    )
    return text


def package_text(package: BaseModel, old: str | None) -> str:
    """A package's file. The comments with which the old one began are kept."""
    return leading_comments(old or "") + dumped(plain_entry(package))


def leading_comments(text: str) -> str:
    """The comments and blank lines before the first value."""
    kept = []
    for line in text.splitlines(keepends=True):
        if line.strip() and not line.startswith("#"):
            break
        kept.append(line)
    return "".join(kept)


def patched(text: str, document: Document, key: str, blocks: Mapping[str | int | None, Any]) -> str:
    """`text` with some entries of its list or mapping `key` replaced, and others (None) added at its end.

    `blocks`: position or name → what stands there now, in the list or mapping that holds it. None → all that is new.
    """
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    there = [place for place in blocks if place is not None]
    for place in sorted(there, key=lambda place: -document.lines[(key, place)]):
        first, last = _span(document, lines, (key, place))
        lines[first:last] = _indented(blocks[place])
    return "".join((*lines, *_indented(blocks[None]))) if blocks.get(None) else "".join(lines)


def _span(document: Document, lines: list[str], place: Place) -> tuple[int, int]:
    """The lines of an entry, from 0: up to the next one of its kind, without the comments that lead to that."""
    starts = sorted({line for at, line in document.lines.items() if len(at) == len(place)})
    first = document.lines[place]
    after = [line for line in starts if line > first]
    last = after[0] - 1 if after else len(lines)
    while last > first and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
        last -= 1
    return first - 1, last


def _indented(entry: Any) -> list[str]:
    return [f"  {line}" for line in dumped(entry).splitlines(keepends=True)]
