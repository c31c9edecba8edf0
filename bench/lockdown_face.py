"""The demo's face for `bench.lockdown`: a look tells in addition which widgets stand on the window.

`python -m bench.lockdown_face --config FILE --probe SOCKET`. Beside the face, never inside it.
"""

import sys
from typing import Any

from tools.demo.face import FaceEyes, main


class WindowEyes(FaceEyes):
    """Sees what lies over the face, too."""

    def look(self) -> dict[str, Any]:
        """As of `FaceEyes`, with "on_window", classes of the window's own children, and "modules" of Kivy."""
        from kivy.core.window import Window
        from kivy.modules import Modules

        on_window = sorted(f"{type(one).__module__}.{type(one).__name__}" for one in Window.children)
        loaded = sorted(name for name, module in Modules.mods.items() if module.get("activated"))
        return super().look() | {"on_window": on_window, "modules": loaded}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], WindowEyes))
