"""The one question of the patient's page: does the answer fit the patient? Pure, and silent about what is known.

Accepted are the last four digits of the identity number or the birth date, whichever is known; of an unknown patient
(无名氏) the last four digits of the telephone that was left. Where nothing is known no answer fits.
"""

import hmac
import re
import unicodedata
from datetime import date

LONGEST = 30
_PARTED = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*")
_WHOLE = re.compile(r"(\d{4})(\d{2})(\d{2})")


def proves(patient, answer: str) -> bool:
    """Whether `answer`, as somebody typed it, is one of the patient's."""
    typed = unicodedata.normalize("NFKC", answer[:LONGEST]).strip().upper()
    born = _day(typed)
    given = born.isoformat() if born else re.sub(r"[\s-]", "", typed)
    fits = [hmac.compare_digest(given.encode(), known.encode()) for known in _known(patient)]  # each of them, always
    return any(fits)


def _known(patient) -> list[str]:
    """What counts as an answer; never empty text."""
    if patient.unknown:
        digits = re.sub(r"\D", "", patient.phone)
        return [digits[-4:]] if len(digits) >= 7 else []
    born = patient.birth_date.isoformat() if patient.birth_date else ""
    return [known for known in (patient.last4.upper(), born) if known]


def _day(typed: str) -> date | None:
    """19570418, 1957-4-18, 1957年4月18日 and the like."""
    found = _WHOLE.fullmatch(typed) or _PARTED.fullmatch(typed)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
