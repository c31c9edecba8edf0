"""The least that a terminal must be told, for tests of verbs that need no more."""

from pathlib import Path

_LEAST = """\
[site]
name = "示例服务点"
[terminal]
id = "TM-9"
name = "示例终端"
[platform]
url = "http://127.0.0.1:1"
[storage]
data_folder = "{folder}"
"""


def write_settings(path: Path, data: Path) -> Path:
    """A terminal.toml whose data lie in `data`; returns its path."""
    path.write_text(_LEAST.format(folder=data), encoding="utf-8")
    return path
