"""The ways into a workshop: the token in the QR code and the code that people type.

The code's letters are drawn alike in Cyrillic and Latin (those of Russian number plates), so that
nobody needs to switch the keyboard: both scripts fold to the Latin one.
"""

import base64
import secrets

_CYRILLIC = "АВЕКМНРСТУХ"
_LATIN = "ABEKMHPCTYX"
DIGITS = "23456789"
ALPHABET = _LATIN + DIGITS
LENGTH = 8
_FOLD = str.maketrans(_CYRILLIC, _LATIN)


def new_code() -> str:
    """Eight signs: 34 bits, which only limits on guessing make enough (see views/entry.py)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_token() -> str:
    """80 bits in the signs that a QR code packs best: capitals and digits."""
    return base64.b32encode(secrets.token_bytes(10)).decode()


def fold(typed: str) -> str:
    """A typed code as it is kept: capitals, Latin, no spaces or dashes. What can't be a code is
    returned empty."""
    text = "".join(sign for sign in typed.upper().translate(_FOLD) if sign not in " -‐–— ")
    return text if len(text) == LENGTH and set(text) <= set(ALPHABET) else ""


def shown(code: str) -> str:
    """The code in two groups of four."""
    return f"{code[:4]}-{code[4:]}"
