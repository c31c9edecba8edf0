"""How common a character is, by its place in GB 2312: what every keyboard sorts by."""

#: lead bytes of GB 2312: rows 16–55 hold level 1 (everyday), rows 56–87 level 2
_LEVEL_1 = range(0xB0, 0xD8)
_LEVEL_2 = range(0xD8, 0xF8)


def level(character: str) -> int:
    """0: everyday, 1: less common, 2: outside GB 2312."""
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 2
    return 0 if lead in _LEVEL_1 else 1 if lead in _LEVEL_2 else 2
