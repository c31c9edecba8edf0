"""How much may be on its way to a platform that tells how far an upload got.

Whatever lies in buffers between here and the platform when the link breaks is sent again. TCP alone lets megabytes lie
there (both ends' socket buffers and those of everything between them), so a cut on a fast line costs what a small page
weighs. The window bounds it by the platform's own word.
"""

from dataclasses import dataclass

LEAST_BYTES = 768 * 1024  # chosen: twelve pieces; what a cut costs at most on a line that keeps breaking
SHARE = 1 / 32  # chosen: so a cut costs at most some 3 % of what went through since the last one
MOST_BYTES = 8 * 1024 * 1024  # chosen: above the bandwidth-delay product of any line to a township


@dataclass(slots=True)
class Window:
    """Opens with all that goes through, closes at a cut."""

    went_through: int = 0  #: bytes since the last cut

    @property
    def size(self) -> int:
        """Bytes that may be sent beyond what the platform said it keeps."""
        return min(MOST_BYTES, LEAST_BYTES + int(self.went_through * SHARE))

    def arrived(self, count: int) -> None:
        """The platform keeps `count` bytes more."""
        self.went_through += count

    def cut(self) -> None:
        """The link broke."""
        self.went_through = 0
