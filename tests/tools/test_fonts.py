"""Typefaces: the right face out of a collection, once, and plain words for what is missing."""

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTCollection, TTFont

from tools import fonts


def _face(family: str) -> TTFont:
    builder = FontBuilder(unitsPerEm=1000, isTTF=True)
    builder.setupGlyphOrder([".notdef"])
    builder.setupCharacterMap({})
    builder.setupGlyf({".notdef": _empty_glyph()})
    builder.setupHorizontalMetrics({".notdef": (1000, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    return builder.font


def _empty_glyph() -> object:
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    return Glyph()


def _collection(path: Path, *families: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    collection = TTCollection()
    collection.fonts = [_face(family) for family in families]
    collection.save(str(path))


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """A font folder as Debian's, with tiny faces; the Japanese one stands first, as in the real one."""
    root = tmp_path / "system"
    for face in fonts.FACES:
        if face.family:
            _collection(root / face.source, "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans Mono CJK SC")
        else:
            (root / face.source).parent.mkdir(parents=True, exist_ok=True)
            (root / face.source).write_bytes(face.file.encode())
    return root


def test_the_simplified_chinese_face_is_taken_out(tmp_path: Path, system: Path) -> None:
    folder = tmp_path / "fonts"
    assert fonts.prepare(folder, system) == []
    for name in ("NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf"):
        with TTFont(folder / name) as font:
            assert font["name"].getDebugName(1) == "Noto Sans CJK SC"
    assert sorted(path.name for path in folder.iterdir()) == sorted(fonts.FILES)


def test_the_core_has_what_nearly_every_text_needs() -> None:
    characters = {chr(code) for code in fonts.core_characters()}
    assert set("天门市民政务服务一件事一次办，。《》（）—— ABCxyz 0123") <= characters
    assert 7_445 < len(characters) < 9_000
    assert not characters & set("镕䶮㐂")  # these come from the whole face


def test_a_second_run_touches_nothing(tmp_path: Path, system: Path) -> None:
    folder = tmp_path / "fonts"
    fonts.prepare(folder, system)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert fonts.prepare(folder, tmp_path / "the system has lost its fonts") == []
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_what_is_missing_is_named_with_its_package(tmp_path: Path, system: Path) -> None:
    (system / "truetype/babelstone/BabelStoneHan.ttf").unlink()
    missing = fonts.prepare(tmp_path / "fonts", system)
    assert missing == ["BabelStoneHan.ttf: apt-get install fonts-babelstone-han"]


def test_a_collection_without_the_face_leaves_no_half_file(tmp_path: Path, system: Path) -> None:
    _collection(system / "opentype/noto/NotoSansCJK-Bold.ttc", "Noto Sans CJK JP")
    folder = tmp_path / "fonts"
    assert fonts.prepare(folder, system) == [
        "NotoSansSC-Bold.otf: apt-get install --reinstall fonts-noto-cjk"
    ]
    assert not [path for path in folder.iterdir() if path.name.startswith("NotoSansSC-Bold")]


def test_the_command_says_by_its_exit_code_whether_all_is_there(
    tmp_path: Path, system: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "fonts"
    assert fonts.prepare(folder, system) == []
    assert fonts.main([str(folder)]) == 0
    assert capsys.readouterr().err == ""
    (folder / "BabelStoneHan.ttf").unlink()
    monkeypatch.setattr(
        fonts, "FACES", (fonts.Face("BabelStoneHan.ttf", "nowhere.ttf", "fonts-babelstone-han"),)
    )
    assert fonts.main([str(folder)]) == 1
    assert capsys.readouterr().err == "BabelStoneHan.ttf: apt-get install fonts-babelstone-han\n"
