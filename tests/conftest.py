"""What all tests share: property tests that draw the same examples each time, so that a failure is nobody's luck.

`HYPOTHESIS_PROFILE=explore make unit` draws new ones.
"""

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
