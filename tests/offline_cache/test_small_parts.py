"""Seal, local numbers, waits, queries and the machine, each by itself."""

import random
import re
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

import offline_cache
from offline_cache.errors import BadRecipient, ServerTrouble, Unreachable
from offline_cache.local_number import check_digit, format_local_number, is_local_number
from offline_cache.machine import LinuxMachine
from offline_cache.named_queries import migrations, named_queries
from offline_cache.retry import ITEM, LINK, LONGEST_WAIT_S
from offline_cache.seal import Recipients, seal


def test_any_recipient_can_open_and_the_sealed_bytes_say_nothing() -> None:
    holders = [pyrage.x25519.Identity.generate() for _ in range(2)]
    sealed = seal(b"a page", [str(holder.to_public()) for holder in holders])
    assert [pyrage.decrypt(sealed, [holder]) for holder in holders] == [b"a page", b"a page"]
    assert b"a page" not in sealed
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [pyrage.x25519.Identity.generate()])


def test_recipients_are_checked_at_the_border() -> None:
    holder = pyrage.x25519.Identity.generate()
    public = str(holder.to_public())
    assert Recipients.parse([f" {public}\n", public]).keys == (public,)
    for wrong in (
        [],
        ["age1nonsense"],
        [public[:-1] + "q" if public[-1] != "q" else public[:-1] + "p"],
        [""],
    ):
        with pytest.raises(BadRecipient):
            Recipients.parse(wrong)


def test_a_secret_key_is_refused_and_not_repeated() -> None:
    secret = str(pyrage.x25519.Identity.generate())
    with pytest.raises(BadRecipient) as caught:
        Recipients.parse([secret])
    assert secret not in str(caught.value)


@given(st.integers(0, 10**7), st.randoms(use_true_random=False))
def test_a_local_number_shows_every_slip(counter: int, rng: random.Random) -> None:
    number = format_local_number("TM", counter)
    assert is_local_number(number)
    at = rng.choice([found.start() for found in re.finditer("[0-9]", number)])
    other = rng.choice([digit for digit in "0123456789" if digit != number[at]])
    assert not is_local_number(number[:at] + other + number[at + 1 :])
    swaps = [at for at in range(3, len(number) - 3) if number[at] != number[at + 1]]
    if swaps:
        at = rng.choice(swaps)
        assert not is_local_number(number[:at] + number[at + 1] + number[at] + number[at + 2 :])


def test_damm_by_the_published_example() -> None:
    assert check_digit("572") == 4  # Damm 2004


@pytest.mark.parametrize(("letters", "counter"), [("", 1), ("t", 1), ("ABCDE", 1), ("T", -1), ("天", 1)])
def test_unfit_letters_are_refused(letters: str, counter: int) -> None:
    with pytest.raises(ValueError):
        format_local_number(letters, counter)


@given(st.integers(-3, 10**6), st.floats(0, 1e9) | st.none(), st.integers())
def test_waits_are_bounded_and_keep_what_was_asked(tries: int, asked: float | None, seed: int) -> None:
    error = ServerTrouble(retry_after_s=asked)
    for backoff in (LINK, ITEM):
        wait = backoff.seconds(tries, error, random.Random(seed))
        assert wait >= min(asked or 0.0, LONGEST_WAIT_S)
        assert backoff.first_s / 2 <= wait <= max(backoff.cap_s, LONGEST_WAIT_S * 1.1)


def test_the_first_waits_are_short_and_spread() -> None:
    waits = [LINK.seconds(1, Unreachable(why="refused"), random.Random(seed)) for seed in range(200)]
    assert min(waits) >= 1.0 and max(waits) <= 2.0
    assert max(waits) - min(waits) > 0.8


def test_every_statement_is_used_and_every_used_one_exists() -> None:
    folder = Path(offline_cache.__file__).parent
    used = set()
    for file in folder.glob("*.py"):
        used |= set(
            re.findall(r"\b(?:rows|row|value|change|added)\(\s*\"(\w+)\"", file.read_text(encoding="utf-8"))
        )
    assert used == set(named_queries())


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [step.version for step in migrations()] == list(range(1, len(migrations()) + 1))


def test_a_process_lives_until_it_is_gone() -> None:
    machine = LinuxMachine()
    assert machine.lives(machine.worker())
    era, pid, started = machine.worker().split("/")
    assert not machine.lives(f"another-boot/{pid}/{started}")
    assert not machine.lives(f"{era}/{pid}/{int(started) + 1}")
    assert not machine.lives("nonsense")
    code = "from offline_cache.machine import LinuxMachine as M; print(M().worker(), flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, text=True) as child:
        assert child.stdout is not None
        other = child.stdout.readline().strip()
        assert machine.lives(other)
        child.kill()
        child.wait()
        assert not machine.lives(other)
