"""What the manual is made of: its pages in their order, and the scenes that are shown in them. Imports no Kivy."""

import re
from pathlib import Path
from typing import Final

from tools.cli import ROOT

FOLDER: Final = ROOT / "docs" / "technician"
PICTURES: Final = FOLDER / "pictures"
#: pages in reading order; the last one is generated
PAGES: Final = tuple(FOLDER / f"{name}.md" for name in ("install", "acceptance", "daily", "fault-tree"))
FAULTS: Final = PAGES[-1]

_PICTURE: Final = re.compile(r"!\[[^\]]*\]\(pictures/([a-z0-9-]+)\.png\)")


def shown(folder: Path = FOLDER) -> tuple[str, ...]:
    """Names of the scenes that the pages show, each once, in the order of the pages."""
    texts = (folder / page.name for page in PAGES)
    found = (name for path in texts if path.exists() for name in _PICTURE.findall(path.read_text("utf-8")))
    return tuple(dict.fromkeys(found))
