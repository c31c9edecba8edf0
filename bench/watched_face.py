"""The demo's face under sharper eyes: what is seen of a citizen in full, and what the process holds.

`python -m bench.watched_face --config FILE --probe SOCKET`, for `bench.monkey` and `bench.soak_face`. Beside the face,
never inside it, as `tools.demo.face`. A look tells in addition "exposed", [[what, view's name, widget's class]…], and
once on each idle screen "holds", {"rss_kb", "threads", "descriptors", "textures", "widgets", "objects"}.
"""

import gc
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from devices.emulators.sample_cards import SAMPLE_CARDS
from kiosk.journey import views
from tools.demo.face import FaceEyes, main

_TEXTS = ("plain", "text", "said", "value", "hint")
_TELEPHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_LOOKS_PER_S = 60.0
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024


def secrets() -> dict[str, str]:
    """What stands on the emulated cards, in full → what it is."""
    found: dict[str, str] = {}
    for card in SAMPLE_CARDS.values():
        told = {"number": card.number, "name": card.name, "address": card.address}
        found |= {text: what for what, text in told.items() if text and len(text) > 1}
    return found


def hers(view: Any) -> str | None:
    """What may be seen in full because she types it, or had it shown by a touch; None: everything of this view."""
    if isinstance(view, views.Form):
        seen = [*view.asked, *(entry for entry in view.known if entry.revealed)]
        return "\n".join(entry.value for entry in seen)
    if isinstance(view, views.Review) and view.secrets == "seen":
        return None
    return ""


def in_full(text: str, own: str, known: dict[str, str], *, typing: bool = False) -> list[str]:
    """Which of the `known` secrets, and whether a telephone number, stand in `text` unmasked and not in `own`.

    While she is `typing`, the keyboard shows what she has typed so far.
    """
    found = [what for secret, what in known.items() if secret in text and secret not in own]
    if not typing and any(number not in own for number in _TELEPHONE.findall(text)):
        found.append("telephone")
    return found


class SharpEyes(FaceEyes):
    """Sees what should not be seen."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self._secrets = secrets()
        self._counted = 0  # the scene at which was counted: it takes a tenth of a second

    def look(self) -> dict[str, Any]:
        """As of `FaceEyes`, and more."""
        seen = super().look() | {"exposed": list(self._exposed())}
        if seen["view"] != "idle" or not seen["settled"] or seen["scene"] == self._counted:
            return seen
        self._counted = seen["scene"]
        return seen | {"holds": holds()}

    def _exposed(self) -> Iterator[tuple[str, str, str]]:
        from screens.widgets.touch import live_widgets

        view = self._app.scene.view
        own = hers(view)
        if own is None:
            return
        typing = any(getattr(w, "touch_key", "") == "key.done" for w in live_widgets(self._app.stage))
        for widget in live_widgets(self._app.stage):
            text = "\n".join(str(getattr(widget, name, "")) for name in _TEXTS)
            for what in in_full(text, own, self._secrets, typing=typing):
                yield what, type(view).__name__, type(widget).__name__


def holds() -> dict[str, int]:
    """What the process holds at this moment, after its garbage was looked through."""
    from kivy.graphics.texture import Texture
    from kivy.uix.widget import Widget

    gc.collect()
    kinds: Counter[type] = Counter(type(one) for one in gc.get_objects())
    resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE_KB
    return {
        "rss_kb": resident,
        "threads": sum(1 for _ in Path("/proc/self/task").iterdir()),
        "descriptors": sum(1 for _ in Path("/proc/self/fd").iterdir()),
        "textures": sum(count for kind, count in kinds.items() if issubclass(kind, Texture)),
        "widgets": sum(count for kind, count in kinds.items() if issubclass(kind, Widget)),
        "objects": kinds.total(),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], SharpEyes, _LOOKS_PER_S))
