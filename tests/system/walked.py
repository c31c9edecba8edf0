"""The demo's visit after it was walked: what it said, what it wrote, and what the citizen had entrusted to it."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyrage

from tests.system.commands import Said, kiosk

_DEADLINE_S = 1500.0  # a quiet machine needs 70 s


@dataclass(frozen=True)
class WalkedDemo:
    """One run of `demo --headless --offline` with a temporary folder and a home of its own."""

    folder: Path
    said: Said

    @property
    def out(self) -> Path:
        """The folder that was given as --out."""
        return self.folder / "out"

    @property
    def temporary(self) -> Path:
        """TMPDIR of every process of the run."""
        return self.folder / "tmp"

    @property
    def home(self) -> Path:
        """HOME of every process of the run."""
        return self.folder / "home"

    @cached_property
    def summary(self) -> dict[str, Any]:
        """summary.json."""
        summary: dict[str, Any] = json.loads((self.out / "summary.json").read_text(encoding="utf-8"))
        return summary

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What she said of herself, opened with the platform's key: nobody else could."""
        key = (self.out / "backend" / "keys" / "identity.age").read_text(encoding="utf-8").strip()
        identity = pyrage.x25519.Identity.from_str(key)
        files = (self.out / "backend" / "files").iterdir()
        opened = (pyrage.decrypt(file.read_bytes(), [identity]) for file in files)
        (manifest,) = [json.loads(content) for content in opened if content.startswith(b"{")]
        return dict(manifest)


def walk_once(folder: Path, *options: str) -> WalkedDemo:
    """Run it with `options`; without any, the backend is down until the receipt is out.

    Raises AssertionError with its last words when it fails.
    """
    for name in ("tmp", "home"):
        (folder / name).mkdir()
    said = kiosk(
        *("demo", "--headless", *(options or ("--offline",)), "--out", folder / "out"),
        deadline_s=_DEADLINE_S,
        env={"TMPDIR": str(folder / "tmp"), "HOME": str(folder / "home"), "XDG_CACHE_HOME": ""},
    )
    demo = WalkedDemo(folder, said)
    assert said.code == 0, said.stderr[-4000:] + "".join(
        f"\n--- {log.name}\n{log.read_text(encoding='utf-8')[-2000:]}" for log in demo.out.glob("*.stderr")
    )
    return demo
