"""Numbers of papers: a letter + 2 digits of the year + 8 random digits + 1 check digit (ISO 7064 MOD 11,10).

A referral's letter is R.

They are read out on the telephone, so they are digits only, never in sequence (nobody can count another's referrals),
and any single wrong digit is noticed.
"""

import re
import secrets

from stdnum.iso7064 import mod_11_10

from .base import tidy

_FORM = re.compile(r"R(\d{11})", re.ASCII)
_DIGITS = re.compile(r"[0-9OIL]{11}", re.ASCII)
_MISREAD = str.maketrans("OIL", "011")


def number_of(letter, year):
    """("Q", 2026) → "Q26" + 8 random digits + check digit. The caller retries where it is already taken."""
    body = f"{year % 100:02}{secrets.randbelow(10**8):08}"
    return f"{letter}{body}{mod_11_10.calc_check_digit(body)}"


def referral_number(year):
    """2026 → "R26" + 8 random digits + check digit. The caller retries where it is already taken."""
    return number_of("R", year)


def normalise(text):
    """What was typed → the form in which numbers are stored: letters read for digits put right, a missing R added."""
    tidied = tidy(text)
    if _DIGITS.fullmatch(tidied):
        tidied = f"R{tidied}"
    return tidied[:1] + tidied[1:].translate(_MISREAD)


def is_referral_number(text):
    """Whether the text, as it would be normalised, is a number with a correct check digit."""
    match = _FORM.fullmatch(normalise(text))
    return bool(match) and mod_11_10.is_valid(match[1])
