"""What is asked of the platform at once, for a citizen who waits for it: how far her cases are.

Everything runs on the platform's thread; a local number is looked up in the outbox first. Nothing touches the disk.
"""

from collections.abc import Callable
from typing import Final

from kiosk.case_desk import CaseDesk
from kiosk.domain.standing import standing_of
from kiosk.journey import events as ev
from kiosk.journey.beside import WAITS
from kiosk.workers import Worker
from offline_cache.local_number import is_local_number
from offline_cache.platform import Platform

#: the platform's own time-outs and the journey's limit end sooner
_ASK_DEADLINE_S: Final = 90.0
_NO_PLATFORM: Final = "U101"


class AskingDesk:
    """The questions of a visit. Called from the main thread."""

    def __init__(
        self,
        platform: Worker[Platform] | None,
        cases: Worker[CaseDesk],
        post: Callable[[ev.WorldEvent], None],
    ) -> None:
        self._platform, self._cases, self._post = platform, cases, post
        self._wanted = 0  #: the ticket whose answer is waited for; 0: nobody waits

    def cases(self, ticket: int, number: str) -> None:
        """Posts `CasesFound` or `AskFailed`."""

        def ask(platform: Platform) -> None:
            if self._wanted == ticket:
                found = platform.people.cases(number)
                self._post(ev.CasesFound(ticket, tuple(standing_of(case) for case in found)))

        self._ask(ticket, ask)

    def progress(self, ticket: int, number: str, check: str) -> None:
        """Posts `ProgressFound` or `AskFailed`."""
        self._wanted = ticket
        if not is_local_number(number):
            self._progress(ticket, number, check)
            return

        def look(desk: CaseDesk) -> None:
            here, acceptance_number = desk.of_local_number(number)
            if acceptance_number is not None:
                self._progress(ticket, acceptance_number, check)
            elif here:
                self._post(ev.AskFailed(ticket, WAITS))
            else:
                self._post(ev.ProgressFound(ticket, None))

        self._cases.ask(look, lambda code: self._post(ev.AskFailed(ticket, code)), _ASK_DEADLINE_S)

    def _progress(self, ticket: int, number: str, check: str) -> None:
        def ask(platform: Platform) -> None:
            if self._wanted == ticket:
                found = platform.progress(number, check)
                self._post(ev.ProgressFound(ticket, None if found is None else standing_of(found)))

        self._ask(ticket, ask)

    def stop(self) -> None:
        """Nobody waits any more: what is not asked yet is not asked."""
        self._wanted = 0

    def _ask(self, ticket: int, ask: Callable[[Platform], None]) -> None:
        self._wanted = ticket

        def failed(code: str) -> None:
            self._post(ev.AskFailed(ticket, code))

        if self._platform is None:
            failed(_NO_PLATFORM)
        else:
            self._platform.ask(ask, failed, _ASK_DEADLINE_S)
