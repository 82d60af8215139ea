from records.models.access import AccessGrant
from records.models.consent import Consent, ConsentText
from records.models.identifier import Identifier
from records.models.patient import Patient
from records.models.person import Person, PersonNumber

__all__ = ["AccessGrant", "Consent", "ConsentText", "Identifier", "Patient", "Person", "PersonNumber"]
