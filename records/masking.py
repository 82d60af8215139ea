"""What is shown of a patient, and how names are made into search keys. No queries beyond the identifiers."""

import unicodedata
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records.codes import RANK, Owner
from toolkit.identifiers import masks

LEVELS = ("masked", "party", "full")
_DROPPED = str.maketrans("", "", " \t\u3000·•‧・.'’-")


def name_key(name: str) -> str:
    """The form names are compared and searched in: full-width folded, lower case, no blanks or middle dots."""
    return unicodedata.normalize("NFKC", name).casefold().translate(_DROPPED)


def age_on(patient, day: date) -> int | None:
    """Full years on `day`; from the estimate where no birth date is known."""
    if patient.birth_date:
        born = patient.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if patient.estimated_age is None:
        return None
    return patient.estimated_age + max(0, (day - patient.age_estimated_on).days // 365)


def age_words(patient, day: date | None = None) -> str:
    """The age as it is spoken: days and months for the small, "about" for an estimate."""
    day = day or timezone.localdate()
    years = age_on(patient, day)
    if years is None:
        return ""
    if patient.birth_date is None:
        return _("约 %(years)s 岁") % {"years": years}
    if years >= 3:
        return _("%(years)s 岁") % {"years": years}
    days = (day - patient.birth_date).days
    if days < 31:
        return ngettext("%(count)s 天", "%(count)s 天", days) % {"count": days}
    months = (day.year - patient.birth_date.year) * 12 + day.month - patient.birth_date.month
    months -= day.day < patient.birth_date.day
    return ngettext("%(count)s 个月", "%(count)s 个月", months) % {"count": months}


def shown(patient, level: str = "masked", *, numbers: bool = True) -> dict:
    """One patient as data. `masked`; `party` adds name, telephone and next of kin; `full` shows everything.

    Without `numbers` the identifiers are left out (an empty list), and with them the query they cost.

    Keys: id, institution, name, sex, birth_date, age, age_words, estimated_age, unknown, last4, identifiers
    [{type, value, owner, history}], phone, address, next_of_kin {name, relation, phone}, insurance_kind.
    """
    if level not in LEVELS:
        raise ValueError(f"no such level: {level}")
    party, full = level != "masked", level == "full"
    return {
        "id": patient.public_id,
        "institution": patient.institution.code,
        "name": patient.name if party or patient.unknown else masks.mask_name(patient.name),
        "sex": patient.sex,
        "birth_date": _birth_date(patient.birth_date, full),
        "age": patient.age,
        "age_words": age_words(patient),
        "estimated_age": patient.estimated_age,
        "unknown": patient.unknown,
        "last4": patient.last4,
        "identifiers": [_number(number, full) for number in numbers_of(patient)] if numbers else [],
        "phone": patient.phone if party else masks.mask_phone(patient.phone),
        "address": patient.address if full else masks.mask_address(patient.address),
        "next_of_kin": _kin(patient.next_of_kin, party),
        "insurance_kind": patient.insurance_kind,
    }


def _birth_date(born: date | None, full: bool) -> str | None:
    """ISO text; masked to the year, because region, birth date and last four digits together are the whole number."""
    if born is None:
        return None
    return born.isoformat() if full else f"{born.year:04d}-**-**"


def numbers_of(patient) -> list:
    """The current identifiers, the strongest first; uses a prefetch where there is one."""
    current = [number for number in patient.identifiers.all() if number.removed_at is None]
    return sorted(current, key=lambda number: (number.owner != Owner.SELF, RANK.index(number.type), number.pk))


def _number(number, full: bool) -> dict:
    value = number.value if full else masks.mask_number(number.value)
    return {"type": number.type, "value": value, "owner": number.owner, "history": number.history}


def _kin(kin: dict | None, party: bool) -> dict | None:
    if not kin:
        return None
    if party:
        return dict(kin)
    return {
        "name": masks.mask_name(kin.get("name", "")),
        "relation": kin.get("relation", ""),
        "phone": masks.mask_phone(kin.get("phone", "")),
    }
