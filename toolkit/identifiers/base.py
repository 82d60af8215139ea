"""What all identifiers share: one exception and one way to tidy what was typed or scanned."""

import re

_DROPPED = re.compile(r"[\s\u200b-\u200f\ufeff\-‐-―]+")
# not NFKC: that would also make digits of ², ① and ٣
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


class InvalidIdentifier(ValueError):
    """`code` is a stable word, `detail` a translated sentence without the number itself."""

    def __init__(self, code, detail):
        super().__init__(code)
        self.code = code
        self.detail = detail


def tidy(value):
    """Full-width to ASCII, upper case, without blanks and hyphens. Anything but text gives ""."""
    if not isinstance(value, str):
        return ""
    return _DROPPED.sub("", half_width(value)).upper()


def half_width(text):
    """What a Chinese input method typed full-width (３６．８) as ASCII; nothing else changes."""
    return text.translate(_HALF_WIDTH)


def require_length(text, lengths, detail):
    if len(text) not in lengths:
        raise InvalidIdentifier("length", detail)


def require_characters(text, alphabet, detail):
    if any(each not in alphabet for each in text):
        raise InvalidIdentifier("characters", detail)
