"""Nothing of the last visitor in any widget, cache, input method or clipboard; and no texture more than before."""

import json
from collections.abc import Callable
from pathlib import Path


def test_nothing_of_the_last_visitor_is_left(
    face: Callable[..., None], fonts: Path, words: Path, tmp_path: Path
) -> None:
    out = tmp_path / "told.json"
    face("drive_forgotten.py", str(out), str(fonts), str(words))
    told = json.loads(out.read_text(encoding="utf-8"))
    assert all(told["seen"].values()), "what is searched for stood on the glass"
    assert {place: found for place, found in told["left"].items() if found} == {}
    before, after = told["textures"]
    assert after <= before and told["pictures"] == 0
