"""What a soak's reckoning would miss is lost for good: each kind of wrong is put before it once."""

from pathlib import Path

from tools.soak.citizens import citizen_of
from tools.soak.reckon import left_behind


def test_a_citizen_in_a_log_is_found_in_every_encoding(tmp_path: Path) -> None:
    her = citizen_of(3)
    for name, said in (("number", her.card.number), ("phone", her.phone), ("name", her.card.name)):
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            (tmp_path / name).write_bytes(f"x{said}x".encode(encoding))
            assert left_behind(4, tmp_path), (name, encoding)
            assert not left_behind(3, tmp_path), "she came after those"
        (tmp_path / name).unlink()
