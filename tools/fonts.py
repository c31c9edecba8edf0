"""The typefaces of the face, made ready once at set-up.

Kivy opens face 0 of a font collection, and face 0 of Debian's NotoSansCJK-*.ttc is the Japanese one: the
face named "Noto Sans CJK SC" is therefore taken out into a file of its own (about 17 MB and half a second
per weight). The fallback for rare characters and the kai hand are single faces and are copied.

`python -m tools.fonts DIR` prepares DIR by hand; `make setup` does the same.
"""

import argparse
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

#: where Debian 12 puts its fonts
SYSTEM_FONTS = Path("/usr/share/fonts")

#: name record 1: the family name; every face of the collection carries it in English
_FAMILY_NAME_ID = 1


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface file that the screens need."""

    file: str  #: name in the prepared folder
    source: str  #: path below the system's font folder
    package: str  #: the Debian package that brings it
    family: str = ""  #: the face to take out of a collection; "" copies the file


FACES = (
    Face(
        "NotoSansSC-Regular.otf",
        "opentype/noto/NotoSansCJK-Regular.ttc",
        "fonts-noto-cjk",
        "Noto Sans CJK SC",
    ),
    Face("NotoSansSC-Bold.otf", "opentype/noto/NotoSansCJK-Bold.ttc", "fonts-noto-cjk", "Noto Sans CJK SC"),
    Face("BabelStoneHan.ttf", "truetype/babelstone/BabelStoneHan.ttf", "fonts-babelstone-han"),
    Face("LXGWWenKai-Regular.ttf", "truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", "fonts-lxgw-wenkai"),
)


def prepare(folder: Path, system: Path = SYSTEM_FONTS) -> list[str]:
    """Put every typeface into `folder` that is not there yet.

    Returns one line for each that could not be made, naming the Debian package to install; empty when all is
    well. A file that stands there already is left alone; a half-written one never bears the final name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = []
    for face in FACES:
        target = folder / face.file
        if target.exists():
            continue
        source = system / face.source
        if not source.exists():
            missing.append(f"{face.file}: apt-get install {face.package}")
            continue
        try:
            _make(face, source, target)
        except LookupError:
            missing.append(f"{face.file}: apt-get install --reinstall {face.package}")
    return missing


def _make(face: Face, source: Path, target: Path) -> None:
    """Write `target` under another name first, so that an interrupted set-up leaves nothing half done."""
    partial = target.with_name(target.name + ".part")
    try:
        if face.family:
            _take_out(source, face.family, partial)
        else:
            shutil.copyfile(source, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _take_out(collection: Path, family: str, target: Path) -> None:
    """Save the face called `family` of a font collection as a font of its own. LookupError: no such face."""
    # as it was made, not as of today: the same typeface has the same bytes on every machine
    with TTCollection(str(collection), lazy=True, recalcTimestamp=False) as fonts:
        _named(fonts.fonts, family).save(str(target), reorderTables=None)


def _named(fonts: Iterable[TTFont], family: str) -> TTFont:
    for font in fonts:
        names = (record for record in font["name"].names if record.nameID == _FAMILY_NAME_ID)
        if any(record.toUnicode() == family for record in names):
            return font
    raise LookupError(f"no face named {family!r}")


def main(arguments: list[str] | None = None) -> int:
    """Prepare the folder that the command line names. 0 when every typeface is there, 1 otherwise."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.fonts", description="prepare the screens' typefaces"
    )
    parser.add_argument("folder", type=Path, help="folder to fill, build/fonts in a work tree")
    missing = prepare(parser.parse_args(arguments).folder)
    for line in missing:
        sys.stderr.write(f"{line}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
