"""The faces of the type: registered once, asked which of them can draw a character, and how wide it is."""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from kivy.core.text import Label as CoreLabel
from kivy.core.text import LabelBase

from screens.theme.character_map import CharacterMap

SANS = "sans"  #: Noto Sans CJK SC, its core: nearly everything
WHOLE = "whole"  #: the same face with all its characters; costs five times the memory a size
KAI = "kai"  #: LXGW WenKai: the brand word, large numerals, thanks; sparingly
RARE = "rare"  #: BabelStone Han: characters that Noto does not have
ICONS = "icons"

_files: dict[str, Path] = {}


def register(folder: Path) -> None:
    """Make the faces known to Kivy. `folder` is what `tools.fonts` filled; raises `FileNotFoundError`."""
    regular, bold = folder / "NotoSansSC-Regular.otf", folder / "NotoSansSC-Bold.otf"
    for path in (regular, bold):
        if not path.is_file():
            raise FileNotFoundError(path)
    kai = next((path for path in sorted(folder.glob("LXGWWenKai*.ttf"))), bold)
    rare = next((path for path in (folder / "BabelStoneHan.ttf",) if path.is_file()), regular)
    core, bold_core = (path.with_name(f"{path.stem}-core.otf") for path in (regular, bold))
    if not (core.is_file() and bold_core.is_file()):  # a set-up from before there were any
        core, bold_core = regular, bold
    _files.update({SANS: core, WHOLE: regular, KAI: kai, RARE: rare, ICONS: icon_file()})
    LabelBase.register(SANS, fn_regular=str(core), fn_bold=str(bold_core))
    LabelBase.register(WHOLE, fn_regular=str(regular), fn_bold=str(bold))
    for name in (KAI, RARE, ICONS):
        LabelBase.register(name, fn_regular=str(_files[name]))
    _covered.cache_clear()
    advance.cache_clear()


def icon_file() -> Path:
    """The Material Design Icons font inside its package."""
    spec = find_spec("fonticon_mdi7")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("fonticon_mdi7")
    return Path(spec.origin).parent / "fonts" / "materialdesignicons-webfont.ttf"


@lru_cache(maxsize=5)
def _covered(name: str) -> CharacterMap:
    """All code points that a face can draw."""
    return CharacterMap(_files[name])


def face_for(character: str, face: str = SANS) -> str:
    """The face that draws this character: the wanted one, else SANS, else WHOLE, else RARE."""
    code = ord(character)
    if code <= 0x20:
        return face
    for name in (face, SANS, WHOLE, RARE):
        if code in _covered(name):
            return name
    return face


def drawable(character: str) -> bool:
    """Whether one of the faces can draw this character; if not, a box stands in its place."""
    return ord(character) in _covered(face_for(character))


def runs(text: str, face: str = SANS) -> list[tuple[str, str]]:
    """The text as (face, part) runs; one run for nearly every text."""
    found: list[tuple[str, str]] = []
    for character in text:
        name = face_for(character, face)
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1] + character)
        else:
            found.append((name, character))
    return found


@lru_cache(maxsize=16384)
def advance(character: str, face: str, size: int, bold: bool) -> int:
    """The width of one character in pixels."""
    label = CoreLabel(font_name=face_for(character, face), font_size=size, bold=bold)
    return int(label.get_extents(character)[0])
