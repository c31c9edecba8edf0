"""What the wizard prepared for the system is put in place by root, without a shell: asked for and answered by files.

`deploy/systemd/tiantianshun-settle.path` waits for the wish; its service looks at every line first.
"""

import secrets
from pathlib import Path
from typing import Final

from ground.clock import Clock
from ground.durable import write_whole
from kiosk.setup.workshop import SetupFailed

WISH: Final = Path("run/tiantianshun/settle")
ANSWER: Final = Path("run/tiantianshun-settle/answer")
_HEARD_S: Final = 5.0  #: systemd takes a wish within some milliseconds; a busy machine within seconds
_DONE_S: Final = 60.0  #: as long as the service may run
_LOOK_S: Final = 0.1


def settled(root: Path, clock: Clock) -> bool:
    """Ask, and wait until it is done; False where nobody listens. Raises `SetupFailed` W210 and OSError."""
    wish, answer = root / WISH, root / ANSWER
    if not wish.parent.is_dir():
        return False  # no installed terminal, or the face does not run
    word = secrets.token_hex(16)
    write_whole(wish, word)
    heard = clock.after(_HEARD_S)
    while wish.exists():
        if clock.due(heard):
            wish.unlink(missing_ok=True)
            return False
        clock.wait(_LOOK_S)
    done = clock.after(_DONE_S)
    while not (said := _said(answer)).startswith(f"{word} "):
        if clock.due(done):
            raise SetupFailed("W210", why="?")
        clock.wait(_LOOK_S)
    code = said.split()[1]
    if code != "0":
        raise SetupFailed("W210", why=code)
    return True


def _said(answer: Path) -> str:
    try:
        return answer.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return ""
