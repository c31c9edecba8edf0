"""The typefaces of the face, made ready once at set-up.

Kivy opens face 0 of a font collection, and face 0 of Debian's NotoSansCJK-*.ttc is the Japanese one: the
face named "Noto Sans CJK SC" is therefore taken out into a file of its own (about 17 MB and half a second
per weight). The fallback for rare characters and the kai hand are single faces and are copied.

FreeType keeps some 2 MB of tables for each size in which a face of 65,000 glyphs is open, and the screens use
dozens of sizes. Beside each weight therefore lies its core: the same outlines, hints and kerning for the
characters of GB 2312 and the Latin ones, at 0.5 MB a size (ADR 0090). All else that is written comes from the whole
face.

`python -m tools.fonts DIR` prepares DIR by hand; `make setup` does the same.
"""

import argparse
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

#: where Debian 12 puts its fonts
SYSTEM_FONTS = Path("/usr/share/fonts")

#: what a relative [face] fonts_folder is relative to: the program, wherever it is called from
_PROGRAM = Path(__file__).resolve().parent.parent

#: name record 1: the family name; every face of the collection carries it in English
_FAMILY_NAME_ID = 1


#: beside GB 2312: Latin as far as Extended-A, general and Chinese punctuation, full-width forms; and the name 𠮷, since
#: a face without any character above U+FFFF loses the table that `screens.theme.character_map` reads
_CORE_BLOCKS = ((0x20, 0x17F), (0x2000, 0x206F), (0x3000, 0x303F), (0xFF00, 0xFFEF), (0x20BB7, 0x20BB7))
#: what HarfBuzz applies by itself to a line of Latin or Chinese text (OpenType 1.9, registered features)
_CORE_FEATURES = ("ccmp", "liga", "clig", "calt", "rlig", "kern", "mark", "mkmk")


def placed(fonts_folder: Path) -> Path:
    """Where `[face] fonts_folder` is, from wherever the program was called."""
    return _PROGRAM / fonts_folder


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface file that the screens need."""

    file: str  #: name in the prepared folder
    source: str  #: path below the system's font folder
    package: str  #: the Debian package that brings it
    family: str = ""  #: the face to take out of a collection; "" copies the file
    core: str = ""  #: name in the prepared folder of what is opened most; "": the whole face is


FACES = (
    Face(
        "NotoSansSC-Regular.otf",
        "opentype/noto/NotoSansCJK-Regular.ttc",
        "fonts-noto-cjk",
        "Noto Sans CJK SC",
        "NotoSansSC-Regular-core.otf",
    ),
    Face(
        "NotoSansSC-Bold.otf",
        "opentype/noto/NotoSansCJK-Bold.ttc",
        "fonts-noto-cjk",
        "Noto Sans CJK SC",
        "NotoSansSC-Bold-core.otf",
    ),
    Face("BabelStoneHan.ttf", "truetype/babelstone/BabelStoneHan.ttf", "fonts-babelstone-han"),
    Face("LXGWWenKai-Regular.ttf", "truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", "fonts-lxgw-wenkai"),
)


#: every file that belongs into the prepared folder
FILES = tuple(file for face in FACES for file in (face.file, face.core) if file)


def prepare(folder: Path, system: Path = SYSTEM_FONTS) -> list[str]:
    """Put every typeface into `folder` that is not there yet.

    Returns one line for each that could not be made, naming the Debian package to install; empty when all is
    well. A file that stands there already is left alone; a half-written one never bears the final name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = []
    for face in FACES:
        target = folder / face.file
        if not target.exists():
            source = system / face.source
            if not source.exists():
                missing.append(f"{face.file}: apt-get install {face.package}")
                continue
            try:
                _make(face, source, target)
            except LookupError:
                missing.append(f"{face.file}: apt-get install --reinstall {face.package}")
                continue
        if face.core and not (folder / face.core).exists():
            _written(folder / face.core, partial(_take_core, target))
    return missing


def _make(face: Face, source: Path, target: Path) -> None:
    if face.family:
        _written(target, partial(_take_out, source, face.family))
    else:
        _written(target, partial(shutil.copyfile, source))


def _written(target: Path, write: Callable[[Path], object]) -> None:
    """Write `target` under another name first, so that an interrupted set-up leaves nothing half done."""
    unfinished = target.with_name(target.name + ".part")
    try:
        write(unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def core_characters() -> set[int]:
    """The code points that nearly every text is made of: 7,445 of GB 2312, and those of `_CORE_BLOCKS`."""
    found = {code for first, last in _CORE_BLOCKS for code in range(first, last + 1)}
    for row in range(0xA1, 0xF8):
        text = bytes(byte for cell in range(0xA1, 0xFF) for byte in (row, cell)).decode("gb2312", "ignore")
        found.update(map(ord, text))
    return found


def _take_core(whole: Path, target: Path) -> None:
    """Save the core of a face: some three seconds."""
    options = subset.Options(
        hinting=True, notdef_outline=True, name_IDs=["*"], layout_features=list(_CORE_FEATURES)
    )
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]  # vertical text: never set
    with subset.load_font(str(whole), options) as font:
        cut = subset.Subsetter(options)
        cut.populate(unicodes=core_characters())
        cut.subset(font)
        subset.save_font(font, str(target), options)


def _take_out(collection: Path, family: str, target: Path) -> None:
    """Save the face called `family` of a font collection as a font of its own. LookupError: no such face."""
    # as it was made, not as of today: the same typeface has the same bytes on every machine
    with TTCollection(str(collection), lazy=True, recalcTimestamp=False) as fonts:
        _named(fonts.fonts, family).save(str(target), reorderTables=None)


def face_number(collection: Path, family: str) -> int:
    """Which face of a font collection is called `family`, from 0. LookupError: none."""
    with TTCollection(str(collection), lazy=True) as fonts:
        return [*fonts.fonts].index(_named(fonts.fonts, family))


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
