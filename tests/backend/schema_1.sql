-- The tables of a data folder of schema version 1, as the platform of 2026-11-21 (commit 253129d) made them.

CREATE TABLE facts (
    name VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE enrolment_codes (
    code_hash VARCHAR NOT NULL,
    expires_at VARCHAR(32) NOT NULL,
    used_by VARCHAR,
    PRIMARY KEY (code_hash)
);

CREATE TABLE terminals (
    terminal_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    token_hash VARCHAR NOT NULL,
    enrolled_at VARCHAR(32) NOT NULL,
    revoked_at VARCHAR(32),
    PRIMARY KEY (terminal_id),
    UNIQUE (token_hash)
);

CREATE TABLE terminal_keys (
    terminal_id VARCHAR NOT NULL,
    key_id VARCHAR NOT NULL,
    public_key VARCHAR NOT NULL,
    given_at VARCHAR(32) NOT NULL,
    PRIMARY KEY (terminal_id),
    FOREIGN KEY(terminal_id) REFERENCES terminals (terminal_id)
);

CREATE TABLE uploads (
    upload_id VARCHAR NOT NULL,
    terminal_id VARCHAR NOT NULL,
    case_id VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    length INTEGER NOT NULL,
    created_at VARCHAR(32) NOT NULL,
    verified BOOLEAN NOT NULL,
    claimed BOOLEAN NOT NULL,
    PRIMARY KEY (upload_id),
    FOREIGN KEY(terminal_id) REFERENCES terminals (terminal_id)
);

CREATE INDEX uploads_of_case ON uploads (terminal_id, case_id);

CREATE TABLE cases (
    case_id VARCHAR NOT NULL,
    acceptance_number VARCHAR NOT NULL,
    day VARCHAR NOT NULL,
    serial INTEGER NOT NULL,
    terminal_id VARCHAR NOT NULL,
    received_at VARCHAR(32) NOT NULL,
    sealed_at VARCHAR(32) NOT NULL,
    matter_code VARCHAR NOT NULL,
    matter_name VARCHAR NOT NULL,
    pages INTEGER NOT NULL,
    manifest_part VARCHAR NOT NULL,
    check_hash VARCHAR NOT NULL,
    state VARCHAR(10) NOT NULL,
    repeats INTEGER NOT NULL,
    PRIMARY KEY (case_id),
    UNIQUE (day, serial),
    UNIQUE (acceptance_number),
    FOREIGN KEY(terminal_id) REFERENCES terminals (terminal_id)
);

CREATE TABLE heartbeats (
    terminal_id VARCHAR NOT NULL,
    received_at VARCHAR(32) NOT NULL,
    body JSON NOT NULL,
    PRIMARY KEY (terminal_id),
    FOREIGN KEY(terminal_id) REFERENCES terminals (terminal_id)
);

CREATE TABLE case_parts (
    case_id VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    length INTEGER NOT NULL,
    upload_id VARCHAR NOT NULL,
    PRIMARY KEY (case_id, part),
    FOREIGN KEY(case_id) REFERENCES cases (case_id),
    UNIQUE (upload_id),
    FOREIGN KEY(upload_id) REFERENCES uploads (upload_id)
);

CREATE TABLE timeline (
    entry_id INTEGER NOT NULL,
    case_id VARCHAR NOT NULL,
    at VARCHAR(32) NOT NULL,
    department VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    state VARCHAR(10) NOT NULL,
    PRIMARY KEY (entry_id),
    FOREIGN KEY(case_id) REFERENCES cases (case_id)
);

CREATE INDEX ix_timeline_case_id ON timeline (case_id);

CREATE TABLE evaluations (
    case_id VARCHAR NOT NULL,
    level INTEGER NOT NULL,
    reasons JSON NOT NULL,
    channel VARCHAR NOT NULL,
    at VARCHAR(32) NOT NULL,
    indicators_version VARCHAR NOT NULL,
    received_at VARCHAR(32) NOT NULL,
    PRIMARY KEY (case_id),
    FOREIGN KEY(case_id) REFERENCES cases (case_id)
);

CREATE TABLE messages (
    message_id VARCHAR NOT NULL,
    terminal_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    case_id VARCHAR,
    at VARCHAR(32) NOT NULL,
    received_at VARCHAR(32) NOT NULL,
    body JSON NOT NULL,
    repeats INTEGER NOT NULL,
    PRIMARY KEY (message_id),
    FOREIGN KEY(terminal_id) REFERENCES terminals (terminal_id),
    FOREIGN KEY(case_id) REFERENCES cases (case_id)
);

CREATE INDEX ix_messages_terminal_id ON messages (terminal_id);

CREATE TABLE message_parts (
    message_id VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    length INTEGER NOT NULL,
    upload_id VARCHAR NOT NULL,
    PRIMARY KEY (message_id, part),
    FOREIGN KEY(message_id) REFERENCES messages (message_id),
    UNIQUE (upload_id),
    FOREIGN KEY(upload_id) REFERENCES uploads (upload_id)
);
