"""Device events that nobody fetches must not fill the disk: beyond a number, the oldest two become one.

Only what the terminal says about itself is ever merged; what a citizen handed in, corrected or reported never is.
"""

import json

from offline_cache import rows
from offline_cache.store import Transaction

DEVICE_EVENT = "device_event"
MOST: dict[str, int] = {DEVICE_EVENT: 500}  # chosen: two weeks of a printer that reports twice an hour
_SPREAD = 2654435761  # Knuth's multiplicative hash: events that come at every second place are counted, too
_EVERY = 16  # chosen: counting costs more than adding, and a few too many do no harm


def merge(tx: Transaction, kind: str, place: int) -> None:
    """Bring the waiting messages of this kind down to their number, after one more was put at `place`."""
    most = MOST.get(kind)
    if most is None or (place * _SPREAD >> 16) % _EVERY:
        return
    for _ in range(int(tx.value("count_messages", kind=kind)) - most):
        two = tx.rows("oldest_messages", kind=kind)
        if len(two) < 2:
            return
        older, newer = (rows.body_of(row["body"]) for row in two)
        newer["merged"] = int(newer.get("merged", 0)) + int(older.get("merged", 0)) + 1
        newer["merged_since"] = older.get("merged_since", two[0]["at"])
        tx.change("set_body", place=two[1]["place"], body=json.dumps(newer))
        tx.change("drop_message", place=two[0]["place"])
        tx.change("drop_item", place=two[0]["place"])
