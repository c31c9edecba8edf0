"""Retry as a value: how long to wait, from the number of tries, the error and a source of chance."""

import random
from dataclasses import dataclass

from offline_cache.errors import ServerTrouble, UploadError

LONGEST_WAIT_S = 3600.0  # chosen: a platform that asks for more than an hour is more likely wrong than busy


@dataclass(frozen=True, slots=True)
class Backoff:
    """Doubling waits with jitter: between half and all of `first_s` · 2^(tries-1), never beyond `cap_s`."""

    first_s: float
    cap_s: float

    def seconds(self, tries: int, error: UploadError, rng: random.Random) -> float:
        """How long to wait after the `tries`-th failure in a row (1, 2, …).

        What the platform asked for with Retry-After is kept at least, up to an hour, and spread by a tenth
        so that a whole fleet which was told the same does not come back in the same second.
        """
        full = min(self.cap_s, self.first_s * 2.0 ** min(max(0, tries - 1), 32))
        wait = full * rng.uniform(0.5, 1.0)
        asked = error.retry_after_s if isinstance(error, ServerTrouble) else None
        if asked is None:
            return wait
        return max(wait, min(asked, LONGEST_WAIT_S) * rng.uniform(1.0, 1.1))


LINK = Backoff(first_s=2.0, cap_s=60.0)
"""For the way to the platform: first after 1 to 2 s, so that a link which comes back is soon noticed."""

ITEM = Backoff(first_s=4.0, cap_s=600.0)
"""For one item, while others are taken: in the end a poison case costs one try in ten minutes."""
