"""Whatever a power cut leaves of what was not synced, the next start goes on, and the check finds no flaw in it."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ground.clock import ManualClock
from ground.log.head import HEAD, log_files
from tests.ground.kept_log import A_DAY_S, LATER, chain, checked, write


@settings(max_examples=80)
@given(data=st.data())
def test_any_state_that_a_power_cut_may_leave_is_healed_without_a_flaw(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, clock = Path(name), ManualClock()
        heads: list[bytes] = []
        synced = {"": 0}
        face = chain(folder, clock)
        for step in data.draw(st.lists(st.sampled_from(["write", "seal", "day"]), min_size=1, max_size=12)):
            match step:
                case "write":
                    write(face, 1)
                case "seal":
                    face.seal()
                case _:
                    clock.turn(A_DAY_S)
                    write(face, 1)
            heads.append((folder / HEAD).read_bytes())
            files = log_files(folder)
            if step == "seal":
                synced = {path.name: path.stat().st_size for path in files}
            else:  # an older file was synced when it was closed
                synced |= {path.name: path.stat().st_size for path in files[:-1]}
        newest = log_files(folder)[-1]
        size = newest.stat().st_size
        left = data.draw(st.integers(synced.get(newest.name, 0), size))
        content = newest.read_bytes()[:left]
        if data.draw(st.booleans()):
            content += bytes(size - left)  # the size was written, the content was not
        newest.write_bytes(content)
        (folder / HEAD).write_bytes(data.draw(st.sampled_from(heads)))  # written in place, and never synced
        again = chain(folder, clock, "uploader", boot=LATER)
        write(again, 2)
        again.seal()
        report = checked(folder, boot=LATER)
        assert report.flaws == []
        assert report.sealed == report.last
