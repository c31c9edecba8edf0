"""Where the configuration is that a verb uses when it is not told. Imports nothing of ours."""

import os
from pathlib import Path
from typing import Final

#: the shipped terminal.toml, with every comment
SHIPPED: Final = Path(__file__).resolve().parent.parent / "config" / "terminal.toml"
#: on an installed terminal deploy/session/kiosk.sh says where its own one is
CONFIG: Final = Path(os.environ.get("KIOSK_CONFIG") or SHIPPED)
