"""`screens gallery DIR` and `screens check`: every screen in every manner, on a virtual screen of its own."""

import argparse
import html
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from screens.manners import Manner, gallery_manners, matrix
from tools.cli import ROOT
from tools.demo.xserver import VirtualScreen
from tools.fonts import prepare
from tools.out import complain, say

FONTS = ROOT / "build" / "fonts"
GLASS = 1920  #: pixels of the window: both orientations find room in it
_AT_ONCE = 2  # chosen: each process holds half a gigabyte


def run(asked: argparse.Namespace) -> int:
    """The verb `screens`."""
    for line in prepare(FONTS):
        complain(line)
    if asked.what == "check":
        return _each(range(len(matrix())), ())
    folder: Path = asked.folder.resolve()
    numbers = range(1 if asked.usual else len(gallery_manners()))
    failed = _each(numbers, (str(folder),))
    (folder / "index.html").write_text(
        _index(folder, [gallery_manners()[at] for at in numbers]), encoding="utf-8"
    )
    say(str(folder / "index.html"))
    return failed


def _each(numbers: Iterable[int], arguments: tuple[str, ...]) -> int:
    """A process for each manner: Kivy starts once in a process, and a hundred screens fill its memory."""
    with VirtualScreen(GLASS, GLASS) as screen, ThreadPoolExecutor(_AT_ONCE) as pool:
        environment = {**os.environ, "DISPLAY": screen.name, "LIBGL_ALWAYS_SOFTWARE": "1"}

        def look_over(number: int) -> int:
            command = [sys.executable, "-m", "tools.screen_check", str(number), *arguments]
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode

        return max(pool.map(look_over, numbers), default=0)


def _index(folder: Path, manners: Iterable[Manner]) -> str:
    """All pictures, with a switch for each look, language and orientation."""
    parts = {
        manner.name: dict(zip(("language", "across", "look"), _words(manner), strict=True))
        for manner in manners
    }
    figures = "\n".join(
        f"<figure data-{' data-'.join(f'{key}={value!r}' for key, value in words.items())}>"
        f'<a href="{name}/{path.name}"><img src="{name}/{path.name}" loading="lazy" alt=""></a>'
        f"<figcaption>{html.escape(path.stem)} · {' · '.join(words.values())}</figcaption></figure>"
        for name, words in parts.items()
        for path in sorted((folder / name).glob("*.png"))
    )
    return _PAGE.replace("{switches}", _switches(parts)).replace("{figures}", figures)


def _words(manner: Manner) -> tuple[str, str, str]:
    look = manner.look
    named = [*({str(look.text), str(look.theme)} - {"usual", "light"}), *(("low",) if look.low_reach else ())]
    return (manner.language, "landscape" if manner.landscape else "portrait", "-".join(named) or "usual")


def _switches(parts: Mapping[str, Mapping[str, str]]) -> str:
    found = []
    for key in ("look", "language", "across"):
        values = dict.fromkeys(words[key] for words in parts.values())
        options = "".join(f"<option>{value}</option>" for value in values)
        found.append(
            f'<label>{key} <select name="{key}"><option value="">all</option>{options}</select></label>'
        )
    return " ".join(found)


_PAGE = """<!doctype html>
<meta charset="utf-8">
<title>天天顺: screens</title>
<style>
body { font: 16px sans-serif; background: #ede7db; margin: 32px; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 24px; margin-top: 24px; }
figure { margin: 0; }
img { width: 100%; box-shadow: 0 4px 16px #0a2a4d30; }
figcaption { padding: 8px 0; }
</style>
<form>{switches} <label>name <input name="name"></label></form>
<main>
{figures}
</main>
<script>
const form = document.querySelector("form");
form.addEventListener("input", () => {
  for (const figure of document.querySelectorAll("figure")) {
    const wanted = ["look", "language", "across"].every(
      (key) => !form[key].value || figure.dataset[key] === form[key].value);
    figure.hidden = !wanted || !figure.textContent.includes(form.name.value);
  }
});
</script>
"""
