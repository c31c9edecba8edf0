"""Jobs side by side: all are done, the first error is told, and a system without threads is no reason to wait."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

import offline_cache
from offline_cache.writers import Writers

_WITHOUT_THREADS = """
import resource, threading
from offline_cache.writers import Writers
resource.setrlimit(resource.RLIMIT_AS, (500_000_000, 500_000_000))
threading.stack_size(1_000_000_000)
done = []
with Writers(4) as writers:
    for each in range(10):
        writers.begin(lambda each=each: done.append(each))
print(done)
"""


def test_all_are_done_when_the_block_ends() -> None:
    done: list[int] = []
    with Writers(3) as writers:
        for each in range(50):
            writers.begin(lambda each=each: done.append(each))  # type: ignore[misc]
    assert sorted(done) == list(range(50))


def test_jobs_run_beside_the_caller() -> None:
    met, they = threading.Barrier(2, timeout=60), list[int]()
    with Writers(1) as writers:
        writers.begin(lambda: they.append(met.wait()))
        met.wait()
    assert len(they) == 1


def test_the_first_error_is_told_and_the_others_are_done_all_the_same() -> None:
    done: list[int] = []
    with pytest.raises(ZeroDivisionError), Writers(2) as writers:
        writers.begin(lambda: done.append(1 // 0))
        writers.begin(lambda: done.append(2))
    assert done == [2]


def test_an_error_of_the_block_itself_comes_first() -> None:
    done: list[int] = []
    with pytest.raises(KeyError), Writers(2) as writers:
        writers.begin(lambda: done.append(1 // 0))
        writers.begin(lambda: done.append(2))
        raise KeyError
    assert done == [2]


def test_without_threads_the_caller_does_it() -> None:
    """The stack of a new thread is larger than all the memory that the process may have."""
    root, command = Path(offline_cache.__file__).parents[1], [sys.executable, "-c", _WITHOUT_THREADS]
    said = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=True)
    assert said.stdout.strip() == str(list(range(10)))
