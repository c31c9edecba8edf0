"""The face's side of the outbox in a process of its own, to be killed: hands in one case after the other.

`python -m tests.system.desk_process CONFIG SEED` prints a case's id and local number once the citizen may be thanked.
"""

import random
import sys
from pathlib import Path

from config.load import load_config
from ground.clock import RealClock
from kiosk.case_desk import CaseDesk
from kiosk.health import Health
from tests.system.cases import invented_case
from tools.assemble import open_outbox
from tools.out import say
from tools.settings import with_credentials


def main(config: Path, seed: int) -> None:
    """Until killed."""
    clock, rng = RealClock(), random.Random(seed)
    terminal = with_credentials(load_config(config, None, {}))
    desk = CaseDesk(open_outbox(terminal, clock), Health(clock), "sample")
    while True:
        case = invented_case(rng)
        local_number = desk.hand_in(case)
        say(f"{case.case_id} {local_number}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
