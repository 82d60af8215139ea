"""The one question of the patient's page: does the answer fit the patient? Silent about what is known.

Accepted are the last four digits of the identity number or the birth date, whichever is known, never those of a number
the paper itself shows; of an unknown patient (无名氏) the last four digits of the telephone that was left. Where
nothing is known no answer fits.
"""

import hmac
import re
import unicodedata
from datetime import date

from records.codes import IdentifierType

PRINTED = (IdentifierType.HEALTH_RECORD, IdentifierType.MRN)
"""What the slip prints in full: whoever finds the paper reads it."""
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
    on_paper = set(patient.identifiers.current().filter(type__in=PRINTED).values_list("last4", flat=True))
    last4 = "" if patient.last4 in on_paper else patient.last4.upper()
    return [known for known in (last4, born) if known]


def _day(typed: str) -> date | None:
    """19570418, 1957-4-18, 1957年4月18日 and the like."""
    found = _WHOLE.fullmatch(typed) or _PARTED.fullmatch(typed)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
