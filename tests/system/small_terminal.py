"""The least that a terminal.toml says of a terminal that has no devices and is not enrolled yet."""

from pathlib import Path

_SAYS = """[site]
name = "示例服务点"
[terminal]
id = "before"
name = "示例终端"
[platform]
url = "{url}"
{platform}
[storage]
data_folder = "{folder}"
{more}
"""


def configuration(url: str, folder: Path, *, platform: str = "", more: str = "") -> str:
    """Its text. `platform`: more lines of that section; `more`: more sections."""
    return _SAYS.format(url=url, folder=folder, platform=platform, more=more)
