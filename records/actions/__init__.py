"""The acts of records: the only code that writes persons, registrations, consents and grants."""

from records.actions.change import change_patient
from records.actions.consent import give_consent, withdraw_consent
from records.actions.grants import end_access, grant_access, lift_end
from records.actions.register import register_patient
from records.actions.reveal import reveal

__all__ = [
    "change_patient",
    "end_access",
    "give_consent",
    "grant_access",
    "lift_end",
    "register_patient",
    "reveal",
    "withdraw_consent",
]
