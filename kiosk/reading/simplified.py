"""Traditional forms and the simplified ones that documents of today are printed in.

`simplified.txt` holds pairs, the traditional sign first: those signs of the recogniser that are not in GB 2312 and
have one simplified form that is. Made with OpenCC 1.1.6 (t2s, Apache License 2.0); without 昇, 璿 and 甦, which names
still have (通用规范汉字表, 2013).
"""

from collections.abc import Mapping
from pathlib import Path

_PAIRS = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").split()
SIMPLIFIED: Mapping[str, str] = {pair[0]: pair[1] for pair in _PAIRS}
