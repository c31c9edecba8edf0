"""The face for a soak's visits through the real glass: what a demo's walk sees, and every text that is shown.

`python -m tools.soak.glass_face --config FILE --probe SOCKET`, beside the face, never inside it.
"""

import sys
from typing import Any

from tools.demo.face import FaceEyes, main

_TEXTS = ("plain", "text", "said", "value", "hint")
_LOOKS_PER_S = 30.0


class ReadingEyes(FaceEyes):
    """Reads everything."""

    def look(self) -> dict[str, Any]:
        """As of `FaceEyes`, with "texts"."""
        from screens.widgets.touch import live_widgets

        texts = [
            text
            for widget in live_widgets(self._app.stage)
            for name in _TEXTS
            if isinstance(text := getattr(widget, name, ""), str) and text
        ]
        return super().look() | {"texts": texts}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], ReadingEyes, _LOOKS_PER_S))
