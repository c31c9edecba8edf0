"""What a walk handed in, what the terminal still holds, and what the backend has of it."""

from typing import TYPE_CHECKING, Any

import requests

from config.load import load_config
from offline_cache.items import OutboxStatus
from tools.assemble import open_outbox
from tools.settings import with_credentials

if TYPE_CHECKING:
    from tools.demo.demo import Demo

_LIMIT_S = 240.0  # for a slow, busy machine


class Ledger:
    """Compares both sides."""

    def __init__(self, demo: "Demo") -> None:
        self._demo = demo
        self._config = with_credentials(load_config(demo.config, None, {}))
        self._queued_before = 0

    def receipt_is_out(self) -> None:
        """Count what waits at the moment when the receipt was printed."""
        self._queued_before = self._status().waiting

    def until_delivered(self) -> None:
        """Wait until nothing waits. Raises RuntimeError when it takes too long."""
        clock = self._demo.clock
        give_up = clock.after(_LIMIT_S)
        while (status := self._status()).waiting or status.evaluations_waiting or status.stuck:
            if status.stuck:
                raise RuntimeError(f"the backend refused it: {status.last_error}")
            if clock.due(give_up):
                raise RuntimeError(f"not delivered: {status}")
            clock.wait(0.2)

    def summary(self, screens: list[str], seconds: float) -> dict[str, Any]:
        """The contract's fields; fetches case.pdf as the backend holds it after opening."""
        outbox = open_outbox(self._config, self._demo.clock)
        try:
            ours = outbox.list_cases(most=1)[0]
        finally:
            outbox.close()
        there = [case for case in self._asked("cases").json() if case["case_id"] == ours.case_id]
        pdf = self._asked(f"cases/{ours.case_id}/document.pdf")
        (self._demo.out / "case.pdf").write_bytes(pdf.content)
        case = there[0]
        return {
            "acceptance_number": case["acceptance_number"],
            "case_id": ours.case_id,
            "citizen_name": case["citizen_name"],
            "matter": case["matter"],
            "pages": case["pages"],
            "queued_before": self._queued_before,
            "queued_after": self._status().waiting,
            "evaluation": case["evaluation"],
            "delivered_copies": len(there),
            "screens": screens,
            "seconds": round(seconds, 1),
            "local_number": ours.local_number,
        }

    def _status(self) -> OutboxStatus:
        outbox = open_outbox(self._config, self._demo.clock)
        try:
            return outbox.status()
        finally:
            outbox.close()

    def _asked(self, path: str) -> requests.Response:
        url = f"{self._demo.backend_url}/v1/operator/{path}"
        answer = requests.get(url, headers=self._demo.operator, timeout=60)
        answer.raise_for_status()
        return answer
