"""Setting up: the questions of a step, on the form that citizens have, with a keyboard for addresses."""

from dataclasses import replace

from kiosk.catalogue.model import Field
from kiosk.journey.events import Continue, Scan, Skip
from kiosk.journey.views import SetupForm
from screens.form import FormScreen
from screens.input.layouts import Kind
from screens.widgets.action_bar import Action


class SetupFormScreen(FormScreen):
    """See `form.kv`."""

    def _kind(self, field: Field) -> Kind:
        view = self._view
        typed = isinstance(view, SetupForm) and field.name in view.typed
        return Kind.ADDRESS if typed else Kind.PINYIN

    def _say(self) -> None:
        view = self._view
        if not isinstance(view, SetupForm):
            return
        if self._open is not None:
            self.sentence, self.quiet = self.words("form.write", label=self._open.label), ""
            self.actions.offer(None, (), replace(self.chrome, can_go_back=False))
            return
        self.sentence, self.quiet = view.sentence, view.progress
        scan = Action("action.scan", self.words("setup.scan"), Scan(), "qrcode-scan")
        skip = Action("action.skip", self.words("setup.skip"), Skip(), "debug-step-over")
        goes_on = Action("action.continue", self.words("action.next"), Continue(), "arrow-right")
        self.offer(goes_on, *((scan,) if view.can_scan else ()), *((skip,) if view.may_skip else ()))
