"""Screens load when first needed: each must bring what its kv names, whichever screens were shown before."""

import ast
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from screens.registry import SCREENS

ROOT = Path(__file__).parents[2]
_USED = re.compile(r"^[ ]+([A-Z]\w*):", re.M)
_MADE = re.compile(r"^<([A-Z]\w*)@", re.M)
_BROUGHT = re.compile(r"^#:import \w+ (screens[\w.]*)", re.M)


def _file(module: str) -> Path | None:
    path = ROOT / (module.replace(".", "/") + ".py")
    return path if path.is_file() else None


def _kv(module: str) -> str:
    path = ROOT / (module.replace(".", "/") + ".kv")
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@cache
def _names(module: str) -> tuple[frozenset[str], frozenset[str]]:
    """Classes that a module defines, and modules of ours that it imports at its top."""
    path = _file(module)
    if path is None:
        return frozenset(), frozenset()
    body = ast.parse(path.read_text(encoding="utf-8")).body
    classes = {node.name for node in body if isinstance(node, ast.ClassDef)}
    wanted = set(_BROUGHT.findall(_kv(module)))
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module:
            wanted |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            wanted |= {name.name for name in node.names}
    wanted |= {name.rpartition(".")[0] for name in wanted}
    return frozenset(classes), frozenset(name for name in wanted if name.startswith("screens"))


def _known_with(module: str) -> set[str]:
    """The classes that there are once `module` was imported beside the app itself."""
    seen: set[str] = set()
    waiting, known = [module, "screens.app"], set[str]()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            classes, onward = _names(one)
            known |= classes | set(_MADE.findall(_kv(one)))
            waiting += onward
    return known


@cache
def _of_kivy() -> frozenset[str]:
    spec = find_spec("kivy")
    assert spec is not None and spec.origin is not None
    registered = Path(spec.origin).with_name("factory_registers.py").read_text(encoding="utf-8")
    return frozenset(re.findall(r"r\(['\"](\w+)['\"]", registered))


@pytest.mark.parametrize("screen", sorted({where.partition(":")[0] for where in SCREENS.values()}))
def test_it_brings_what_it_names(screen: str) -> None:
    module = f"screens.{screen}"
    named = set(_USED.findall(_kv(module)))
    assert named - _known_with(module) - _of_kivy() == set()


def test_the_search_knows_what_there_is() -> None:
    assert {"QrCode", "DoneScreen", "Text"} <= _known_with("screens.done")
    assert "QrCode" not in _known_with("screens.notice")
    assert {"Widget", "BoxLayout"} <= _of_kivy()
