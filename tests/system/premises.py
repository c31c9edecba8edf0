"""A terminal without devices and a real backend process, with a link between them that can be cut."""

import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from config.load import load_config
from ground.clock import RealClock
from kiosk.case_desk import CaseDesk
from kiosk.domain.case import Evaluation
from kiosk.health import Health
from kiosk.stage import SealingCase
from offline_cache.outbox import Outbox
from tests.system.cases import invented_case, invented_evaluation
from tests.system.commands import DEADLINE_S, start
from tools.assemble import open_outbox
from tools.demo.demo import Demo
from tools.demo.link import Link
from tools.settings import with_credentials

_CONFIGURATION = """\
[site]
name = "示例服务点"
[terminal]
id = "premises"
name = "示例终端"
[platform]
url = "http://127.0.0.1:{port}"
[storage]
data_folder = "{folder}"
"""


class Premises:
    """Backend, link, and the terminal's folder; its processes are started and killed by the tests."""

    def __init__(self, demo: Demo, link: Link) -> None:
        self.demo = demo
        self.link = link
        self.clock = RealClock()
        self.folder: Path = demo.terminal
        self.log = self.folder / "log"
        self.config = with_credentials(load_config(demo.config, None, {}))
        self.outbox: Outbox = open_outbox(self.config, self.clock)
        self.desk = CaseDesk(self.outbox, Health(self.clock), "sample")

    def hand_in(self, rng: random.Random) -> tuple[SealingCase, str]:
        """One more case, rated by its citizen; with its local number."""
        case = invented_case(rng)
        local_number = self.desk.hand_in(case)
        evaluation: Evaluation = invented_evaluation(self.clock.now())
        self.desk.keep_evaluation(case.case_id, evaluation)
        return case, local_number

    def start_uploader(self) -> subprocess.Popen[str]:
        """A real uploader; returns once it has begun to work."""
        before, changes = self._uploaders_begun(), self.outbox.changes()
        process = start("run_kiosk.py", "uploader", "--config", self.demo.config)
        self.until(
            lambda: self._uploaders_begun() > before and self.outbox.changes() != changes,
            "an uploader at work",
        )
        return process

    def until_empty(self) -> None:
        """Wait until everything is delivered."""

        def empty() -> bool:
            status = self.outbox.status()
            return status.waiting == status.evaluations_waiting == 0

        self.until(empty, "an empty outbox")

    def until(self, met: Any, what: str) -> None:
        """Poll until `met`. Raises AssertionError."""
        give_up = self.clock.after(DEADLINE_S)
        while not met():
            assert not self.clock.due(give_up), f"waited for {what}: {self.outbox.status()}"
            self.clock.wait(0.02)

    def held(self) -> dict[str, dict[str, Any]]:
        """The backend's cases by id, as its operator sees them."""
        cases = self._asked("cases?limit=500")
        by_id = {case["case_id"]: case for case in cases}
        assert len(by_id) == len(cases), "a case is there twice"
        return by_id

    def manifest(self, case_id: str) -> dict[str, Any]:
        """What the backend finds when it opens a case."""
        return dict(self._asked(f"cases/{case_id}"))

    def _asked(self, path: str) -> Any:
        url = f"{self.demo.backend_url}/v1/operator/{path}"
        answer = requests.get(url, headers=self.demo.operator, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def _uploaders_begun(self) -> int:
        files = self.log.glob("events-*.jsonl")
        return sum(path.read_text(encoding="utf-8").count('"uploader_started"') for path in files)


@contextmanager
def premises(folder: Path) -> Iterator[Premises]:
    """Everything up; the backend ends and the link closes with the block."""
    demo = Demo(folder, RealClock())
    demo.prepare()
    with demo.processes:
        demo.start_backend()
        demo.enrol()
        link = Link(("127.0.0.1", demo.backend_port))
        text = _CONFIGURATION.format(port=link.port, folder=demo.terminal)
        demo.config.write_text(text, encoding="utf-8")
        place = Premises(demo, link)
        try:
            yield place
        finally:
            place.outbox.close()
            link.close()
