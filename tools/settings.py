"""Loads the configuration for a verb, or says what is wrong with it; and the terminal's own credentials."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from config.load import ConfigError, load_config
from config.schema import TerminalConfig
from ground.durable import write_whole
from tools.downloads import SETTINGS_FILE, downloads_of
from tools.out import complain

BAD_INPUT = 2
_CREDENTIALS = "credentials.json"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What enrolment gave: who this terminal is, its token, to whom it seals, and whose downloads it believes."""

    terminal_id: str
    token: str
    recipients: tuple[str, ...]
    publishers: tuple[str, ...] = ()  #: public keys that sign what is downloaded

    def save(self, folder: Path) -> None:
        """Write to the data folder, readable by this user alone."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(folder / _CREDENTIALS, json.dumps(asdict(self)))  # the one-time code is spent

    @classmethod
    def load(cls, path: Path) -> "Credentials":
        """What `save` wrote to the file `path`. Raises OSError, ValueError, KeyError or TypeError."""
        held = json.loads(path.read_text(encoding="utf-8"))
        publishers = tuple(held.get("publishers", ()))  # written before there were any
        return cls(held["terminal_id"], held["token"], tuple(held["recipients"]), publishers)

    @classmethod
    def of(cls, folder: Path) -> "Credentials":
        """Those in the data folder. Raises as `load`."""
        return cls.load(folder / _CREDENTIALS)


def settings(asked: argparse.Namespace, env: Mapping[str, str] | None = None) -> TerminalConfig | None:
    """The configuration that a verb was asked to use, its mistakes said on stderr when there is none."""
    try:
        config = load_config(asked.config, asked.profile, env)
    except ConfigError as error:
        for line in error.describe_mistakes():
            complain(line)
        return None
    config = with_credentials(config)
    held = downloads_of(config).held("config")
    if held is None:
        return config
    try:
        told = load_config(asked.config, asked.profile, env, platform_file=held.folder / SETTINGS_FILE)
    except ConfigError as error:  # it was checked when it came; the files here have changed since
        complain(f"the platform's configuration, version {held.version}, is left out: {error}")
        return config
    return with_credentials(told)


def with_credentials(config: TerminalConfig) -> TerminalConfig:
    """What enrolment gave fills what the configuration leaves open."""
    path = config.storage.data_folder / _CREDENTIALS
    try:
        if not path.is_file():
            return config
        filled_in = Credentials.load(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        complain(
            f"{path} cannot be read ({type(error).__name__}); enrol again: run_kiosk.py enrol --code CODE"
        )
        return config
    platform = config.platform
    filled = {
        "token": platform.token.get_secret_value() if platform.token else filled_in.token,
        "recipients": platform.recipients or filled_in.recipients,
        "publishers": platform.publishers or filled_in.publishers,
    }
    terminal = config.terminal.model_copy(update={"id": filled_in.terminal_id})
    update = {"platform": type(platform).model_validate(platform.model_dump() | filled), "terminal": terminal}
    return config.model_copy(update=update)
