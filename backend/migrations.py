"""Bring the tables of an older data folder to this version: numbered steps, each done once, all or nothing.

New tables need no step, they are made as in a new folder. What a step cannot know because it lies sealed (whose case
it is) `catching_up.py` fills in after the start.
"""

from collections.abc import Mapping

from sqlalchemy import Connection

#: version → the statements that make it of the one before
_STEPS: Mapping[int, tuple[str, ...]] = {
    2: (
        "ALTER TABLE cases ADD COLUMN person_hash VARCHAR",
        "ALTER TABLE cases ADD COLUMN agent_hash VARCHAR",
        "CREATE INDEX ix_cases_person_hash ON cases (person_hash)",
        "CREATE INDEX ix_cases_agent_hash ON cases (agent_hash)",
    ),
}


def migrate(connection: Connection, version: int, wanted: int) -> None:
    """Take the tables from `version` to `wanted`, inside the transaction of `connection`."""
    for step in range(version + 1, wanted + 1):
        for statement in _STEPS[step]:
            connection.exec_driver_sql(statement)
