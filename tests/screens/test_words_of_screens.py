"""Every sentence that a screen asks for by name is there, in both languages; and no sentence stands in the code."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCREENS = sorted((ROOT / "screens").rglob("*.py")) + sorted((ROOT / "screens").rglob("*.kv"))
ASKED = re.compile(r'\bwords\(\s*f?"([a-z_0-9.{}]+)"')
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def keys(language: str) -> set[str]:
    found: set[str] = set()

    def gather(tree: dict[str, object], above: str) -> None:
        for name, value in tree.items():
            if isinstance(value, dict):
                gather(value, f"{above}{name}.")
            else:
                found.add(f"{above}{name}")

    for path in (ROOT / "config" / "words" / language).glob("*.toml"):
        gather(tomllib.loads(path.read_text(encoding="utf-8")), "")
    return found


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_key_that_a_screen_asks_for_exists(language: str) -> None:
    there, missing = keys(language), []
    for path in SCREENS:
        for key in ASKED.findall(path.read_text(encoding="utf-8")):
            pattern = re.compile(re.sub(r"\\\{.*?\\\}", r"[^.]+(\\.[^.]+)*", re.escape(key)))
            if not any(pattern.fullmatch(known) for known in there):
                missing.append((path.name, key))
    assert missing == []


@pytest.mark.parametrize(
    "file", ["screens_a.toml", "screens_b.toml", "screens_beside.toml", "screens_inside.toml", "voice.toml"]
)
def test_both_languages_have_the_same_keys(file: str) -> None:
    trees = [
        tomllib.loads((ROOT / "config" / "words" / language / file).read_text(encoding="utf-8"))
        for language in ("zh-Hans", "en")
    ]
    assert _shape(trees[0]) == _shape(trees[1])


def _shape(tree: object) -> object:
    """Keys, and the facts that each sentence mentions."""
    if isinstance(tree, dict):
        return {name: _shape(value) for name, value in tree.items()}
    return set(re.findall(r"\{(\w+)\}", str(tree)))


def test_no_chinese_sentence_stands_in_a_screen() -> None:
    """Samples are data; `天天顺` in a window title and key labels of keyboards are names."""
    found = []
    for path in SCREENS:
        if path.name.startswith("samples") or path.parent.name == "input":
            continue
        found += [(path.name, text) for text in _strings(path) if len(CHINESE.findall(text)) > 3]
    assert found == []


def _strings(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".kv":
        return re.findall(r'"([^"]*)"', text)
    tree = ast.parse(text)
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation
    ]
