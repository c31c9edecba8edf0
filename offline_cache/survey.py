"""Looking at the outbox without touching it: its figures and its cases."""

import json
from datetime import UTC, datetime, timedelta, timezone

from ground.clock import Clock
from offline_cache.items import (
    CaseRecord,
    CaseState,
    ClockReading,
    ClockState,
    LastError,
    LinkState,
    MessageRecord,
    OutboxStatus,
    as_text,
)
from offline_cache.store import Transaction

CHINA = timezone(timedelta(hours=8))  # one time zone, no daylight saving


def status(tx: Transaction, clock: Clock, era: str) -> OutboxStatus:
    """The outbox in figures."""
    waiting, stuck = tx.rows("count_waiting")[0], tx.rows("count_stuck")[0]
    delivered = tx.rows("count_delivered", since=_midnight(clock.now()))[0]
    link, later = tx.rows("link")[0], tx.rows("count_later")[0]
    return OutboxStatus(
        waiting=waiting["cases"],
        sending=tx.value("count_sending", era=era, now=clock.instant()),
        stuck=stuck["items"],
        delivered=delivered["ever"],
        delivered_today=delivered["today"],
        evaluations_waiting=waiting["evaluations"] + later["evaluations"],
        messages_waiting=waiting["messages"] + later["messages"],
        oldest_s=_oldest(tx, clock, era),
        bytes_waiting=waiting["bytes"],
        link=LinkState(link["link"]),
        link_code=link["link_code"],
        last_error=_last_error(tx),
        clock=clock_reading(tx),
    )


def cases(
    tx: Transaction,
    clock: Clock,
    era: str,
    *,
    case_id: str | None = None,
    open_only: bool = False,
    most: int = 1,
) -> list[CaseRecord]:
    """Cases, newest first."""
    now = clock.instant()
    return [
        CaseRecord(
            case_id=row["case_id"],
            local_number=row["local_number"],
            matter_code=row["matter_code"],
            state=CaseState.SENDING if sending else CaseState(row["state"]),
            acceptance_number=row["acceptance_number"],
            parts=row["part_count"],
            bytes=row["bytes"],
            tries=row["tries"],
            error_code=row["error_code"],
            error_since=row["error_since"],
            handed_in_at=row["came_at"],
            delivered_at=row["delivered_at"],
            evaluation=row["evaluation"],
        )
        for row in tx.rows("cases", case_id=case_id, open_only=open_only, most=most)
        for sending in [row["held_by"] is not None and row["held_era"] == era and row["held_until"] > now]
    ]


def messages(
    tx: Transaction,
    clock: Clock,
    era: str,
    *,
    message_id: str | None = None,
    open_only: bool = False,
    most: int,
) -> list[MessageRecord]:
    """Messages, newest first."""
    found = []
    for row in tx.rows("messages", message_id=message_id, open_only=open_only, most=most):
        told = dict(row)
        by, held_era, until = (told.pop(name) for name in ("held_by", "held_era", "held_until"))
        sending = by is not None and held_era == era and until > clock.instant()
        waits = "waiting" if told["state"] == "later" else told["state"]
        told["state"] = CaseState.SENDING if sending else CaseState(waits)
        found.append(MessageRecord(**told))
    return found


def clock_reading(tx: Transaction) -> ClockReading:
    """How the wall clock was found last."""
    row = tx.row("noted", what="clock")
    if row is None:
        return ClockReading(state=ClockState.UNKNOWN, off_s=None, since=None)
    said = json.loads(row["value"])
    since = datetime.fromisoformat(row["since"])
    return ClockReading(state=ClockState(said["state"]), off_s=said["off_s"], since=since)


def _midnight(now: datetime) -> str:
    """The last midnight in China, as the outbox writes moments."""
    midnight = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return as_text(midnight.astimezone(UTC))


def _oldest(tx: Transaction, clock: Clock, era: str) -> float | None:
    """Age of the oldest undelivered case.

    By monotonic time within this boot; beyond it only the wall clock knows, so that a case from before a
    restart may look too young or too old while the clock is wrong, and nothing else depends on this figure.
    """
    ages = []
    for state in ("waiting", "stuck"):
        row = tx.row("oldest_open_case", state=state)
        if row is None:
            continue
        if row["came_era"] == era:
            ages.append(clock.instant() - row["came_instant"])
        else:
            ages.append((clock.now() - datetime.fromisoformat(row["came_at"])).total_seconds())
    return max(0.0, *ages) if ages else None


def _last_error(tx: Transaction) -> LastError | None:
    link = tx.rows("link")[0]
    found = [(link["link_since"], link["link_code"])] if link["link_code"] else []
    for state in ("waiting", "stuck"):
        row = tx.row("last_error", state=state)
        if row is not None:
            found.append((row["error_since"], row["error_code"]))
    if not found:
        return None
    since, code = max(found)
    return LastError(code=code, since=datetime.fromisoformat(since))
