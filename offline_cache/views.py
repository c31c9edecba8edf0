"""Looking at the outbox, and the technician's hand on it."""

from offline_cache import rows, survey
from offline_cache.errors import UnknownCase
from offline_cache.items import CaseRecord, CaseState, ClockReading, Job, MessageRecord, OutboxStatus
from offline_cache.opened import Opened


class Views(Opened):
    """Figures, lists, single items; `retry`."""

    def retry(self, case_id: str) -> int:
        """Offer a case and what is about it, or a message, again at once; says how many items that touched.

        What is being sent just now is left alone. Raises `UnknownCase`.
        """
        with self._store.transaction() as tx:
            found = tx.row("find_message", message_id=case_id) or rows.find(tx, case_id)
            return tx.change("retry_item", place=found["place"])

    def clock_reading(self) -> ClockReading:
        """How the wall clock was found last, by whichever process compares it."""
        with self._store.reading() as tx:
            return survey.clock_reading(tx)

    def era(self) -> str:
        """This boot: within it, instants of all processes can be compared."""
        return self._machine.era()

    def changes(self) -> int:
        """A number that is another one after any process has written; cheap, made to be polled."""
        return self._store.version()

    def newest(self) -> int:
        """A number that grows whenever something new comes in."""
        with self._store.reading() as tx:
            return int(tx.value("newest"))

    def status(self) -> OutboxStatus:
        """The outbox in figures."""
        with self._store.reading() as tx:
            return survey.status(tx, self._clock, self._machine.era())

    def list_cases(self, *, open_only: bool = False, most: int = 1000) -> list[CaseRecord]:
        """The latest cases, newest first; `open_only` leaves out the delivered ones."""
        with self._store.reading() as tx:
            return survey.cases(tx, self._clock, self._machine.era(), open_only=open_only, most=most)

    def case(self, case_id: str) -> CaseRecord:
        """One case. Raises `UnknownCase`."""
        with self._store.reading() as tx:
            found = survey.cases(tx, self._clock, self._machine.era(), case_id=case_id)
        if not found:
            raise UnknownCase(case=case_id)
        return found[0]

    def case_state(self, case_id: str) -> CaseState:
        """Where a case is on its way. Raises `UnknownCase`."""
        return self.case(case_id).state

    def acceptance_number(self, case_id: str) -> str | None:
        """The platform's number of a case; None while there is none, also for a case that is not here."""
        with self._store.reading() as tx:
            row = tx.row("find_case", case_id=case_id)
        return None if row is None else row["acceptance_number"]

    def numbered(self, local_number: str) -> CaseRecord | None:
        """The case of this terminal with this local number; None when there is none."""
        with self._store.reading() as tx:
            row = tx.row("find_numbered", local_number=local_number)
        return None if row is None else self.case(row["case_id"])

    def open_jobs(self) -> list[Job]:
        """Everything that is not delivered, in order, leased to nobody: to be copied, not to be sent."""
        with self._store.reading() as tx:
            return [self._naming_suite(rows.job(tx, row, "")) for row in tx.rows("open_items")]

    def list_messages(self, *, open_only: bool = False, most: int = 1000) -> list[MessageRecord]:
        """The latest messages, newest first; `open_only` leaves out the delivered ones."""
        with self._store.reading() as tx:
            return survey.messages(tx, self._clock, self._machine.era(), open_only=open_only, most=most)

    def message(self, message_id: str) -> MessageRecord:
        """One message. Raises `UnknownCase`."""
        with self._store.reading() as tx:
            found = survey.messages(tx, self._clock, self._machine.era(), message_id=message_id, most=1)
        if not found:
            raise UnknownCase(message=message_id)
        return found[0]
