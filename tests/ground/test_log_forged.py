"""Somebody who knows the format of the log and not the key makes all of it anew: the seals tell."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ground.clock import ManualClock
from ground.log.chain import SEAL_EVERY
from ground.log.head import HEAD, encode_head, log_files, read_head
from ground.log.record import GENESIS, Entry, Record, decode, encode, with_signature
from ground.logbook import Fact
from tests.ground.kept_log import chain, checked, codes, laid_out, write


def _rehashed(folder: Path, change: Callable[[Record], Entry | None]) -> None:
    """What somebody does who knows the format, and not the key: every hash, number and the index made anew."""
    prev, seq, head = GENESIS, 0, read_head(folder)
    assert head is not None
    for path in log_files(folder):
        lines = []
        for line in path.read_bytes().splitlines():
            record = decode(line)
            assert record is not None
            entry = change(record)
            if entry is None:
                continue
            seq += 1
            made, prev = encode(entry, seq, record.boot, prev)
            lines.append((with_signature(made, record.sig) if record.sig else made) + b"\n")
        path.write_bytes(b"".join(lines))
    forged = replace(head, seq=seq, hash=prev, size=log_files(folder)[-1].stat().st_size)
    (folder / HEAD).write_bytes(encode_head(forged))


def _as_it_was(record: Record, **facts: Fact) -> Entry:
    fields = record.fields
    return Entry(record.event, record.facts | facts, str(fields["at"]), record.mono, str(fields["by"]))


def test_an_edit_with_every_hash_made_anew_is_found_by_the_seals(tmp_path: Path) -> None:
    laid_out(tmp_path)
    _rehashed(tmp_path, _as_it_was)
    assert checked(tmp_path).ok  # made anew without a change it is the same, byte for byte
    _rehashed(tmp_path, lambda record: _as_it_was(record, **({"state": "sign"} if record.seq == 3 else {})))
    assert codes(checked(tmp_path)) >= {"L108"}


def test_leaving_out_the_seals_is_found_by_their_absence(tmp_path: Path) -> None:
    log = chain(tmp_path, ManualClock())
    write(log, 3 * SEAL_EVERY)
    _rehashed(tmp_path, lambda record: None if record.event == "log_sealed" else _as_it_was(record))
    assert codes(checked(tmp_path)) == {"L110"}
