"""`devices read id-card --json` over a real pty, for each of the four documents (docs/devices/sdt.md)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devices.emulators.sample_cards import FOREIGNER_2017, FOREIGNER_2023, HMT_RESIDENT, LI_FENG
from devices.emulators.sdt import SdtEmulator
from devices.id_card import IdCard
from devices.rig import PtyRig
from ground.clock import RealClock
from tests.system.commands import kiosk

COMMON = [
    "kind",
    "name",
    "sex",
    "ethnicity",
    "birth",
    "address",
    "number",
    "authority",
    "valid_from",
    "valid_to",
    "long_term",
]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[PtyRig]:
    emulator = SdtEmulator(RealClock())
    emulator.read_s = 0.05
    with PtyRig(emulator, tmp_path / "reader") as rig:
        yield rig


def told(rig: PtyRig, card: IdCard) -> dict[str, Any]:
    """What a script gets of `card`; a machine that stalls may cost a try."""
    assert isinstance(rig.emulator, SdtEmulator)
    rig.emulator.card = card
    for _ in range(3):
        rig.emulator.card_on = False
        rig.emulator.card_on = True
        said = kiosk("devices", "read", "id-card", "--url", rig.url, "--json")
        if said.code == 0:
            break
    assert said.code == 0, said.stderr
    answer: dict[str, Any] = said.json()
    return answer


def test_resident(rig: PtyRig) -> None:
    answer = told(rig, LI_FENG)
    assert list(answer) == COMMON
    assert (answer["kind"], answer["valid_to"], answer["long_term"]) == ("resident", None, True)


def test_residence_permit_of_hong_kong_macau_and_taiwan(rig: PtyRig) -> None:
    answer = told(rig, HMT_RESIDENT)
    assert list(answer) == [*COMMON, "pass_number"]
    assert (answer["kind"], answer["pass_number"]) == ("hmt_residence", "H00000000")
    assert (answer["number"], answer["ethnicity"]) == ("810000198001010014", "")


def test_foreigner_2017(rig: PtyRig) -> None:
    answer = told(rig, FOREIGNER_2017)
    assert list(answer) == [*COMMON, "nationality", "english_name"]
    assert (answer["kind"], answer["name"]) == ("foreign_2017", "")
    assert (answer["nationality"], answer["english_name"]) == ("KAZ", "SAMPLE, AIZHAN")


def test_foreigner_2023_on_a_slow_reader(rig: PtyRig) -> None:
    """And the speed is found without being told."""
    assert isinstance(rig.emulator, SdtEmulator)
    rig.emulator.baud = 57600
    answer = told(rig, FOREIGNER_2023)
    assert list(answer) == [*COMMON, "nationality", "english_name"]
    assert (answer["kind"], answer["name"], answer["number"]) == (
        "foreign_2023",
        "样例",
        "911124198108081024",
    )
    assert answer["english_name"] == "SAMPLE, MARGUERITE-ANTOINETTE JOSEPHINE"
