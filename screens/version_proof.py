"""What runs here, signed by the terminal's key, as a code that an inspector photographs (docs/adr/0067)."""

from kivy.properties import StringProperty

from kiosk.journey.views import VersionProof
from screens.tending import TendingScreen
from screens.widgets.qr import QrCode


class VersionProofScreen(TendingScreen):
    """See `version_proof.kv`."""

    version = StringProperty("")

    def draw(self, view: VersionProof) -> None:
        """The code, or why there is none."""
        self.sentence = self.words("version_proof.sentence")
        self.quiet = self.words("version_proof.quiet")
        self.wait_for("" if view.text or view.code else "tending")
        qr: QrCode = self.ids.qr
        if qr.content != view.text:
            qr.content = view.text
        self.version = self.words("version_proof.version", version=view.version)
        tip = self.ids.tip
        tip.mood = "tip" if view.code else "city"
        tip.plain = self.words(f"errors.{view.code}.hint") if view.code else self.words("version_proof.how")
        self.offer(None)
