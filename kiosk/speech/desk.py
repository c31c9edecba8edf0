"""Has every scene said: on the voice's own thread, which never keeps the face waiting; the last screen counts."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from ground.clock import Clock
from kiosk.journey.views import Scene, View
from kiosk.journey.voice import Voice
from kiosk.speech.choosing import ChosenSpeaker
from kiosk.speech.personal import without
from kiosk.speech.telling import Part, Utterance, spans
from kiosk.speech.what import what_to_say
from kiosk.words import Words
from kiosk.workers import Worker

#: what changes on a screen is said when it has stood so long: a sheet that is moved about flickers
_SETTLED_S: Final = 0.4
#: a focus that moves so soon after a new screen was set by that screen: what the screen says comes first
_NEW_S: Final = 0.7
#: of one utterance: the slowest voice says two characters a second
_SECONDS_A_CHARACTER: Final = 1.0
_LEAST_S: Final = 30.0
#: typed aloud they would tell the hall her number
_KEYS: Final = "key"


class Focus(Protocol):
    """Where the focus is now, as the face tells it."""

    @property
    def label(self) -> str:
        """What it is called."""
        ...

    @property
    def role(self) -> str:
        """words `voice.role.<role>`."""
        ...

    @property
    def value(self) -> str:
        """What it holds."""
        ...

    @property
    def hint(self) -> str:
        """What can be done with it."""
        ...


def rate_name(rate: int) -> str:
    """words `look.rate_is.<name>`."""
    return f"{'minus' if rate < 0 else 'plus'}{abs(rate)}"


class SpeechDesk:
    """Main thread only, but for what the worker runs."""

    def __init__(
        self, worker: Worker[ChosenSpeaker] | None, words_of: Callable[[str], Words], clock: Clock
    ) -> None:
        """`worker` None: nothing can speak here. `words_of` gives the words of a look's language."""
        self._worker, self._words_of, self._clock = worker, words_of, clock
        self._speaker: ChosenSpeaker | None = None  #: of the worker's present life
        self._ticket = 0  #: of the utterance that counts
        self._caption = (0, "")  #: its ticket, and the sentence that is being said
        self._scene: Scene | None = None  #: that was looked at last, while the voice is on
        self._view: View | None = None
        self._said: Utterance | None = None
        self._asked = 0
        self._news: tuple[Utterance, float] | None = None  #: what changed, and when it counts as settled
        self._new_until = 0.0
        self._set: tuple[int, int] | None = None  #: volume and rate as they were last

    def see(self, scene: Scene) -> Scene:
        """Have it said, as far as it is new; the scene with the sentence that is being said as its caption."""
        voice = scene.chrome.look.voice
        if self._worker is None or not voice.on:
            self.hush()
            return scene
        if scene != self._scene or self._news is not None:
            self._scene = scene
            self._tell(scene, voice)
        ticket, caption = self._caption
        if not voice.captions or ticket != self._ticket or not caption:
            return scene
        return replace(scene, chrome=replace(scene.chrome, caption=caption))

    def told(self, focus: Focus) -> None:
        """Say where the focus is: label, what it holds, what it is, what can be done."""
        scene = self._scene
        if scene is None or (focus.role == _KEYS and not scene.chrome.headphones):
            return
        words = self._words_of(scene.chrome.look.language)
        label, value = focus.label, focus.value
        if not scene.chrome.headphones:
            label, value = without(label, scene), ""
        role = f"voice.role.{focus.role}"
        named = [label, value, words(role) if role in words else "", focus.hint]
        text = words("voice.pause").join(part for part in named if part)
        if text:
            self._have_said(
                Utterance((Part(text),), words.language),
                scene.chrome.look.voice,
                after=not self._clock.due(self._new_until),
            )

    def hush(self) -> None:
        """Be silent at once, and forget what was said."""
        if self._scene is None:
            return
        self._stop()
        self._scene = self._view = self._said = self._news = None

    # --- what is new ---

    def _tell(self, scene: Scene, voice: Voice) -> None:
        said = what_to_say(scene, self._words_of(scene.chrome.look.language))
        before, self._view = self._view, scene.view
        was, self._set = self._set, (voice.volume, voice.rate)
        if self._said is None or self._is_another(said, before, scene.view) or voice.asked != self._asked:
            self._asked = voice.asked
            self._news = None
            self._new_until = self._clock.after(_NEW_S)
            self._said = said
            self._have_said(said, voice)
        elif was != self._set:
            self._have_said(Utterance((Part(self._setting(scene, was)),), said.language), voice)
        elif said == self._said:
            self._news = None
        elif self._news is None or self._news[0] != said:
            self._news = (said, self._clock.after(_SETTLED_S))
        elif self._clock.due(self._news[1]):
            new = said.since(self._said)
            self._said, self._news = said, None
            if new.parts:
                self._have_said(new, voice)

    def _setting(self, scene: Scene, was: tuple[int, int] | None) -> str:
        """What she turned: heard at once as it will be from now on."""
        words, voice = self._words_of(scene.chrome.look.language), scene.chrome.look.voice
        if was is None or was[0] != voice.volume:
            return words("look.volume_is", level=voice.volume)
        return words(f"look.rate_is.{rate_name(voice.rate)}")

    def _is_another(self, said: Utterance, before: View | None, view: View) -> bool:
        assert self._said is not None
        first = self._said.parts[:1] != said.parts[:1] or self._said.language != said.language
        return type(before) is not type(view) or first

    # --- to the worker ---

    def _stop(self) -> None:
        assert self._worker is not None
        self._ticket += 1
        self._worker.drop_jobs()
        if self._speaker is not None:
            self._speaker.stop()

    def _have_said(self, said: Utterance, voice: Voice, *, after: bool = False) -> None:
        """`after`: behind what is being said, not in its place."""
        assert self._worker is not None
        if not after:
            self._stop()
        ticket = self._ticket
        limit = _LEAST_S + _SECONDS_A_CHARACTER * len(said.text)
        self._worker.ask(lambda speaker: self._run(speaker, ticket, said, voice), _nobody, limit)

    def _run(self, speaker: ChosenSpeaker, ticket: int, said: Utterance, voice: Voice) -> None:
        """On the worker's thread."""
        self._speaker = speaker
        speaker.listen()
        for part in said.parts:
            pieces = spans(part.text, said.language)
            for text, language in pieces:
                if ticket != self._ticket:
                    return
                self._caption = (ticket, part.text)
                key = part.key if len(pieces) == 1 else ""
                speaker.say(text, language, voice.volume, voice.rate, key=key)
        if ticket == self._ticket:
            self._caption = (0, "")


def _nobody(code: str) -> None:
    """Health says it all."""
