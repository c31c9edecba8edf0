"""The wizard's second face: turns its state into scenes, and touches into answers. Implements the app's `Director`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from devices.errors import DeviceError
from kiosk.journey import events as ev
from kiosk.journey.look import Look
from kiosk.journey.views import Chrome, Scene, View
from kiosk.setup import events as own
from kiosk.setup import forms, labels
from kiosk.setup.figures import said
from kiosk.setup.helper import TOLD, Helper
from kiosk.setup.job import Job, Start, in_a_thread
from kiosk.setup.steps import Step
from kiosk.setup.touch import TARGETS, Point, written
from kiosk.setup.views import SetupList, SetupStep, SetupTouch, SetupWork
from kiosk.setup.wizard import Wizard
from kiosk.setup.workshop import SetupFailed
from kiosk.words import Words
from kiosk.workers import code_of

#: a step of the bar for each group of the wizard's; words `steps.<name>`
BAR: Final = (
    "setup_site",
    "setup_network",
    "setup_devices",
    "setup_enrol",
    "setup_try",
    "setup_measure",
    "setup_end",
)
_GROUPS: Final = {
    "language": 0, "site": 0, "network": 1, "time": 1, "find": 2, "devices": 2, "enrol": 3, "device": 4,
    "camera": 5, "touch": 5, "page": 5, "margins": 5, "sound": 5, "finish": 6,
}  # fmt: skip


class SetupDirector:
    """Called from the main thread; what takes its time is done in a thread of its own."""

    def __init__(
        self, wizard: Wizard, helper: Helper, words: Callable[[str], Words], start: Start = in_a_thread
    ) -> None:
        """`words`: those of a language. `start`: where what takes its time is done."""
        self._begin = start
        self._wizard, self._helper, self._words_of = wizard, helper, words
        self._scene = Scene(0, SetupList((), "new"), Chrome())
        self._look = Look()
        self._over = False
        self._on_list = True
        self._problems: dict[str, str] = {}
        self._points: tuple[Point, ...] = ()
        self._again = False
        self._told_why = True  #: of the last failure, on a screen of its own
        self._doing = self._step_shown()  #: while the working thread has the wizard to itself
        self._scanned = False  #: a code was looked for, which ends no step
        self._worker: Job | None = None
        self._failed: Exception | None = None
        self._speak()

    @property
    def over(self) -> bool:
        """Whether whoever sets up is done."""
        return self._over

    def pump(self) -> Scene:
        """See `Director`. What the working thread did not foresee comes out here."""
        if self._worker is not None and not self._worker.is_alive():
            self._worker.join()
            self._worker = None
            if self._failed is not None:
                raise self._failed
            self._arrived()
        view, chrome = self._view(), self._chrome()
        if (view, chrome) != (self._scene.view, self._scene.chrome):
            self._scene = Scene(self._scene.number + 1, view, chrome)
        return self._scene

    def touch(self, event: ev.CitizenEvent, scene: int) -> None:
        """See `Director`. While something is done, only questions about it are answered."""
        if isinstance(event, own.Saw) and self._helper.question:
            self._helper.answer(event.fine)
        elif self._worker is not None or scene != self._scene.number:
            return
        else:
            self._act(event)

    def close(self) -> None:
        """The face goes away: nobody answers any more."""
        self._helper.answer(False)
        if self._worker is not None:
            self._worker.join()

    # --- what is touched ---

    def _act(self, event: ev.CitizenEvent) -> None:
        wizard = self._wizard
        match event:
            case own.ChooseStep(key=key):
                wizard.go_to(key)
                self._enter()
            case ev.Continue() | ev.TryAgain():
                self._go_on()
            case ev.Back():
                self._back()
            case ev.Skip() if wizard.step.may_skip and not self._on_list:
                wizard.skip()
                self._enter()
            case ev.Fill(name=name, value=text):
                wizard.fill(name, "" if text == forms.NOWHERE else text)
                self._problems.pop(name, None)
            case ev.Scan():
                self._start(self._scan)
            case own.Pointed(x=x, y=y) if self._pointing:
                self._point((x, y))
            case _:
                return

    def _go_on(self) -> None:
        wizard = self._wizard
        if self._on_list:
            if wizard.finished:
                self._over = True
            else:
                self._enter()
            return
        if not self._told_why:  # read; now the answers may be changed
            self._told_why = True
            if wizard.phase == "ask":
                return
        if wizard.phase == "ask":
            self._problems = wizard.go_on()
            self._speak()
            if self._problems:
                return
        self._after()

    def _after(self) -> None:
        """Answers were taken: work that needed answers begins at once, other work when it is asked for."""
        wizard = self._wizard
        shown = self._scene.view
        if wizard.phase == "work" and (isinstance(shown, SetupWork) or wizard.asks()):
            self._start(self._work)
        else:
            self._enter()

    def _back(self) -> None:
        if self._on_list:
            return
        self._told_why = True
        if self._wizard.number == 1:
            self._before_first()
            return
        self._wizard.back()
        self._enter()

    def _enter(self) -> None:
        """A step is shown from its beginning."""
        self._on_list, self._problems, self._points, self._again = False, {}, (), False
        self._told_why = True
        self._helper.begin()
        self._speak()

    # --- touch ---

    @property
    def _pointing(self) -> bool:
        return self._wizard.step.key == "touch" and self._wizard.phase == "ask" and not self._on_list

    def _point(self, at: Point) -> None:
        self._points = (*self._points, at)
        if len(self._points) < len(TARGETS):
            return
        self._wizard.fill("touch.points", written(self._points))
        self._points = ()
        self._again = bool(self._wizard.go_on())
        if not self._again:
            self._start(self._work)

    # --- work ---

    def _start(self, job: Callable[[], None]) -> None:
        self._helper.begin()

        def do() -> None:
            try:
                job()
            except Exception as error:  # noqa: BLE001  # raised again on the main thread, by `pump`
                self._failed = error

        self._on_list = False
        self._doing = self._step_shown()
        self._worker = self._begin(do)

    def _work(self) -> None:
        self._wizard.work()

    def _scan(self) -> None:
        self._scanned, self._problems = True, {}
        try:
            text = self._wizard.bench.shop.scan_code(self._wizard.config(), self._helper)
        except SetupFailed as error:
            self._problems = {"enrol.code": error.code}
            return
        except DeviceError as error:
            self._problems = {"enrol.code": code_of(error)}
            return
        self._wizard.fill("enrol.code", text)

    def _arrived(self) -> None:
        """The work is done: on to the next step, or to the list at the end."""
        wizard = self._wizard
        last = wizard.outcome(wizard.step.key)
        if self._scanned:  # the same form, with the code or with what went wrong
            self._scanned = False
        elif wizard.finished:
            self._after_last()
        elif last is None or last.result not in ("fail", "error"):
            self._enter()
        else:
            self._told_why = False

    def _before_first(self) -> None:
        self._on_list = True

    def _after_last(self) -> None:
        self._on_list = True

    # --- what is shown ---

    @property
    def _words(self) -> Words:
        return self._words_of(
            self._look.language or self._wizard.held.answers.get("language.first", "zh-Hans")
        )

    def _speak(self) -> None:
        """In the language that was chosen in the first step."""
        chosen = self._wizard.held.answers.get("language.first", "")
        if chosen and chosen != self._look.language:
            self._look = replace(self._look, language=chosen)
        self._wizard.speak(self._words)

    def _chrome(self) -> Chrome:
        step = self._doing[0] if self._worker is not None else self._wizard.step
        group = -1 if self._on_list else _GROUPS[step.name]
        return Chrome(
            title=self._words("setup.title"),
            steps=BAR if group >= 0 else (),
            step=group,
            can_go_back=not self._on_list and self._worker is None,
            look=self._look,
            can_speak=False,
            tended=True,
        )

    def _view(self) -> View:
        wizard, words = self._wizard, self._words
        if self._on_list:
            return self._list()
        if self._worker is None and self._pointing and self._told_why:
            at = TARGETS[len(self._points)]
            number, skip = len(self._points) + 1, wizard.step.may_skip
            return SetupTouch(number, len(TARGETS), *at, again=self._again, may_skip=skip)
        if self._worker is None and wizard.phase == "ask" and self._told_why:
            return forms.form_of(wizard, words, self._step_shown()[1], self._problems)
        return self._work_view()

    def _step_shown(self) -> tuple[Step, str]:
        """The step, and which of how many it is."""
        wizard = self._wizard
        return wizard.step, self._words("setup.progress", number=wizard.number, of=len(wizard.steps))

    def _work_view(self) -> SetupWork:
        helper, working = self._helper, self._worker is not None
        step, progress = self._doing if working else self._step_shown()
        ended = None if working else self._wizard.outcome(step.key)
        failed = ended is not None and ended.result in ("fail", "error")
        state = "asking" if helper.question else "working" if working else "failed" if failed else "ready"
        told = (*helper.told, *ended.told)[-TOLD:] if ended is not None and failed else helper.told
        return SetupWork(
            step.key,
            labels.what_to_do(step, self._words),
            progress,
            told,
            state,  # type: ignore[arg-type]  # one of the four
            helper.question,
            step.may_skip,
        )

    def _list(self) -> SetupList:
        wizard, rows = self._wizard, []
        for step in wizard.steps:
            ended = wizard.outcome(step.key)
            note = "；".join(said(step.key, ended, self._words)) if ended else ""
            rows.append(
                SetupStep(step.key, labels.title(step, self._words), ended.result if ended else "open", note)
            )
        begun = bool(wizard.held.outcomes)
        return SetupList(tuple(rows), "finished" if wizard.finished else "begun" if begun else "new")
