"""The health page on the local network: read only, behind a login, off unless it is configured. ADR 0087."""
