"""A terminal at the reference platform, with the product's own outbox, uploader and client; and its operator."""

import io
import json
import random
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from backend.clock import ManualClock as PlatformClock
from backend.serve import LiveServer
from backend.settings import Settings
from ground.clock import ManualClock
from ground.logbook import MemoryLogbook
from offline_cache.items import CaseToSeal, PartToSeal
from offline_cache.outbox import Outbox
from offline_cache.platform import Platform
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from offline_cache.uploader import Uploader
from tests.backend.sealing_terminal import NUMBER, SealedCase, draft_case

PLAN = [
    {"code": "a", "name": "核验", "department": "市公安局", "after": [], "online": True, "promised_days": 1},
    {"code": "b", "name": "登记", "department": "市房管局", "after": [], "online": True, "promised_days": 3},
    {
        "code": "c",
        "name": "制证",
        "department": "市人社局",
        "after": ["a", "b"],
        "online": True,
        "promised_days": None,
    },
]


class Hall:
    """One platform, one enrolled terminal and its operator."""

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        self.journal = io.StringIO()
        self.time = PlatformClock()
        self.server = LiveServer(
            folder / "platform", clock=self.time, journal=self.journal, settings=settings
        )
        self.server.start()
        self.clock = ManualClock()
        code = self.operator("POST", "codes").json()["code"]
        newcomer = Platform(self.server.url, None, self.clock)
        enrolment = newcomer.enrol(code, "hall 3")
        newcomer.close()
        self.terminal_id, self.network = enrolment.terminal_id, True
        self.platform = Platform(self.server.url, enrolment.token, self.clock)
        recipients = Recipients.parse(enrolment.recipients)
        spool = Spool(folder / "spool", reserve_bytes=0)
        self.outbox = Outbox(folder / "outbox.sqlite", spool, self.clock, recipients=recipients)
        self.logbook = MemoryLogbook()
        self.uploader = Uploader(self.outbox, self.platform, self.clock, self.logbook, random.Random(1))

    def operator(self, method: str, path: str, **said: Any) -> requests.Response:
        """One call of the operator."""
        headers = {"Authorization": f"Bearer {self.server.operator_token}"}
        url = f"{self.server.url}/v1/operator/{path}"
        return requests.request(method, url, headers=headers, timeout=30, **said)

    def now(self) -> datetime:
        return self.time.now()

    def deliver(self) -> None:
        """Let the uploader work until nothing is due."""
        while self.uploader.step():
            self.clock.turn(1.0)

    def hand_in(self, case: SealedCase) -> str:
        """The case is delivered; its acceptance number."""
        parts = tuple(
            PartToSeal(name_in_manifest=name, content=content) for name, content in case.clear.items()
        )
        self.outbox.hand_in(
            CaseToSeal(case_id=case.case_id, matter_code="N02", manifest=case.manifest, parts=parts)
        )
        if not self.network:
            return ""
        self.deliver()
        number = self.outbox.acceptance_number(case.case_id)
        assert number is not None
        return number

    def tell(
        self,
        kind: str,
        body: dict[str, Any],
        content: dict[str, Any],
        about: str | None = None,
        **parts: bytes,
    ) -> str:
        """A message with sealed content is delivered, unless there is no network; its id."""
        sealed = [PartToSeal(name_in_manifest="p00", content=json.dumps({"schema": 1, **content}).encode())]
        sealed += [PartToSeal(name_in_manifest=name, content=each) for name, each in parts.items()]
        told = self.outbox.add_message(kind, body, about=about, elsewhere=True, sealed=sealed)
        if self.network:
            self.deliver()
        return told

    def ask_correction(self, case_id: str, **instead: Any) -> dict[str, Any]:
        """A department asks for a telephone number and the second paper again, or for what `instead` says."""
        wanted = {
            "department": "市房管局",
            "reason": "第二页不清楚",
            "fields": ["phone"],
            "materials": [{"slot": "slot-p02", "name": "居住地住址证明"}],
        }
        answer = self.operator("POST", f"cases/{case_id}/corrections", json=wanted | instead)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def close(self) -> None:
        self.platform.close()
        self.outbox.close()
        self.server.stop()


def case_of(number: str = NUMBER, change: Callable[[dict[str, Any]], None] = lambda told: None) -> SealedCase:
    """A signed case of this person, its manifest changed by `change`."""
    case = draft_case((1, 2))
    case.manifest["applicant"]["number"] = number
    change(case.manifest)
    case.sign()
    return case


def planned(told: dict[str, Any]) -> None:
    """A change: three departments, the third after the others."""
    told["plan"] = PLAN


def new_id() -> str:
    return str(uuid.uuid4())
