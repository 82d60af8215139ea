"""What is entered about a patient, before it has been checked. Plain data, as forms and REST give it."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, kw_only=True)
class NumberData:
    """One number as entered. `remove` takes it off the registration (only when changing)."""

    type: str
    value: str
    owner: str = "self"
    remove: bool = False


@dataclass(frozen=True, kw_only=True)
class PatientData:
    """A person as entered at the desk. `unknown` is 无名氏; `estimated_age` is in full years.

    `next_of_kin` is {"name", "relation", "phone"} or None.
    """

    name: str = ""
    sex: str = ""
    birth_date: date | None = None
    identifiers: list[NumberData] = field(default_factory=list)
    phone: str = ""
    address: str = ""
    next_of_kin: dict | None = None
    insurance_kind: str = ""
    unknown: bool = False
    estimated_age: int | None = None
