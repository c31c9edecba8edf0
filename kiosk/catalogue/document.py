"""A YAML file that remembers on which line everything stands, so that a mistake can be found by the clerk."""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from config.mistakes import Mistake

Place = tuple[str | int, ...]  #: the way to a value: keys and list positions


@dataclass(frozen=True, slots=True)
class Document:
    """The content of a file and the line (from 1) of each of its values."""

    file: str  #: name, without folder
    content: Any
    lines: dict[Place, int]

    def line(self, *place: str | int) -> int:
        """The line of `place`, or of the nearest thing around it that exists."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return 1


class UnreadableDocument(Exception):
    """The file cannot be read, is no YAML, or says one thing twice."""

    def __init__(self, mistake: Mistake) -> None:
        self.mistake = mistake
        super().__init__(mistake.code)


def read_document(path: Path) -> Document:
    """Read `path`. Raises `UnreadableDocument` (K101, K102, K106)."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = Mistake(code="K101", file=path.name, facts={"said": type(error).__name__})
        raise UnreadableDocument(reason) from error
    return parse_text(path.name, text)


def parse_text(file: str, text: str) -> Document:
    """The document that `text`, of the file with this name, is. Raises `UnreadableDocument` (K102, K106)."""
    loader = None
    try:
        loader = yaml.CSafeLoader(text)
        node = loader.get_single_node()
        reader = _Reader(file, loader)
        content = reader.value(node, ()) if node is not None else None
        return Document(file, content, reader.lines)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        said = str(getattr(error, "problem", None) or error)
        line = mark.line + 1 if mark is not None else None
        raise UnreadableDocument(Mistake(code="K102", file=file, line=line, facts={"said": said})) from error
    finally:
        if loader is not None:
            loader.dispose()


class _Reader:
    """Plain values and their lines. Refuses a key that stands twice, which YAML itself lets pass."""

    def __init__(self, file: str, loader: yaml.CSafeLoader) -> None:
        self.lines: dict[Place, int] = {}
        self._file = file
        self._loader = loader
        self._around: set[int] = set()

    def value(self, node: yaml.Node, place: Place) -> Any:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            return self._loader.construct_object(node)
        if id(node) in self._around:
            raise ValueError("a value contains itself")
        self._around.add(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.value(child, (*place, index)) for index, child in enumerate(node.value)]
            return self._mapping(node, place)
        finally:
            self._around.discard(id(node))

    def _mapping(self, node: yaml.Node, place: Place) -> dict[Hashable, Any]:
        mapping: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = self._loader.construct_object(key_node)
            here = (*place, key)
            line = key_node.start_mark.line + 1
            if key in mapping:
                raise UnreadableDocument(
                    Mistake(code="K106", file=self._file, line=line, facts={"key": str(key)})
                )
            self.lines[here] = line
            mapping[key] = self.value(value_node, here)
        return mapping
