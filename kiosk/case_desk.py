"""The face's side of the outbox: hands cases in, asks for their numbers, and reads how delivery fares."""

from kiosk.domain.case import Evaluation
from kiosk.health import Health
from kiosk.stage import SealingCase
from offline_cache.errors import AlreadyThere
from offline_cache.items import CaseToSeal, LinkState, PartToSeal
from offline_cache.outbox import Outbox


class CaseDesk:
    """Owns the face's `Outbox`. Lives on one worker thread; every call may raise `CacheError`."""

    def __init__(self, outbox: Outbox, health: Health, indicators_version: str) -> None:
        self._outbox = outbox
        self._health = health
        self._indicators_version = indicators_version

    def hand_in(self, case: SealingCase) -> str:
        """Seal and store; the local number. Returning means: durable.

        Handing in the same case again gives the same number: an answer that came too late to be heard must
        not keep her from hearing it the second time.
        """
        parts = tuple(PartToSeal(name_in_manifest=name, content=content) for name, content in case.parts)
        sealing = CaseToSeal(
            case_id=case.case_id, matter_code=case.matter_code, manifest=case.manifest, parts=parts
        )
        try:
            return self._outbox.hand_in(sealing).local_number
        except AlreadyThere:
            return self._outbox.case(case.case_id).local_number

    def case_number(self, case_id: str) -> str | None:
        """The backend's number, once the uploader has it."""
        return self._outbox.acceptance_number(case_id)

    def keep_evaluation(self, case_id: str, evaluation: Evaluation) -> None:
        """Queue it behind its case."""
        self._outbox.add_evaluation(
            case_id,
            level=int(evaluation.level),
            reasons=evaluation.reasons,
            channel=evaluation.channel,
            at=evaluation.at,
            indicators_version=self._indicators_version,
        )

    def look(self) -> str:
        """Note on the health board how the uploader finds the link; say how much waits."""
        status = self._outbox.status()
        up = status.link is LinkState.UP
        code = "" if up else (status.last_error.code if status.last_error else "U101")
        self._health.note("link", ok=up, code=code, value=status.link.value)
        return f"waiting {status.waiting}, stuck {status.stuck}"

    def close(self) -> None:
        """Let go of the database."""
        self._outbox.close()
