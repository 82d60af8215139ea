"""Finding a patient for a picker: visible persons by name, pinyin or initials; by number only the exact one."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from institutions.models import Member
from records import masking, numbers
from records.access import note_look_up
from records.models import Identifier, Patient, PersonNumber
from records.numbers import Number
from toolkit.identifiers import masks
from toolkit.refusals import Refused

MOST = 20
LEAST_DIGITS = 5


@dataclass(frozen=True)
class Row:
    """One person to pick, masked. `id` is the registration's, None for somebody who is only known elsewhere.

    `own`: registered by the asking institution itself; otherwise `institution` names whose registration it is.
    """

    id: str | None
    name: str
    sex: str
    age: int | None
    age_words: str
    last4: str
    own: bool
    institution: str


@dataclass(frozen=True)
class Found:
    """`rows` may be opened. `elsewhere` is known in the consortium by this exact number, but must be registered
    here before anything can be done for him."""

    rows: list[Row] = field(default_factory=list)
    elsewhere: Row | None = None


def find(actor, text: str, route: str = "") -> Found:
    """What a picker asks: the text is a number if it has at least five digits, otherwise a name."""
    actor.require("patient.read")
    if looks_like_number(text):
        return find_by_number(actor, text, route=route)
    return Found(find_by_name(actor, text))


def looks_like_number(text: str) -> bool:
    return sum(letter.isdigit() for letter in text or "") >= LEAST_DIGITS


def find_by_name(actor, text: str) -> list[Row]:
    """Visible persons whose name, pinyin or initials begin with `text`; own registrations first, at most 20."""
    actor.require("patient.read")
    visible = Patient.objects.visible_to(actor).named(text).select_related("institution")
    own = visible.filter(institution_id=actor.institution_id).order_by("name_pinyin", "id")[:MOST]
    others = visible.exclude(institution_id=actor.institution_id).order_by("name_pinyin", "id")[:MOST]
    return _rows(actor, [*own, *others])


def find_by_number(actor, value: str, type: str | None = None, route: str = "") -> Found:
    """The persons with this exact number (or telephone, where no type is named).

    With a type, a number that cannot be one is `Refused`; without, it finds nothing.
    """
    actor.require("patient.read")
    asked = _asked(value, type)
    rows = _visible_with(actor, asked, value if type is None else "")
    if rows or not actor.may("patient.write"):
        return Found(rows)
    return Found([], _known_elsewhere(actor, [number for number in asked if number.strong], route))


def _asked(value: str, type: str | None) -> list[Number]:
    if type is None:
        return numbers.readable_as(value)
    if type not in numbers.IdentifierType.values:
        raise Refused.of("/type", "unknown_type", _("没有这种号码类型，请从列表中选择。"))
    try:
        return [numbers.read(type, value)]
    except numbers.InvalidIdentifier as wrong:
        raise Refused.of("/value", wrong.code, wrong.detail) from None


def _visible_with(actor, asked: list[Number], phone: str) -> list[Row]:
    """Registrations in sight that carry one of the numbers; for a newborn also the guardian's."""
    hashes = {value_hash for number in asked for value_hash in number.hashes}
    carrying = Identifier.objects.current().filter(type__in={number.type for number in asked}, value_hash__in=hashes)
    persons = PersonNumber.objects.filter(value_hash__in=hashes).values("person_id")
    visible = Patient.objects.visible_to(actor).select_related("institution").order_by("id")
    found = [
        *visible.filter(pk__in=carrying.values("patient_id"))[:MOST],
        *visible.filter(person_id__in=persons)[:MOST],
    ]
    if numbers.phone_key(phone):
        found += visible.filter(institution_id=actor.institution_id, phone_hash__in=numbers.phone_hashes(phone))[:MOST]
    return _rows(actor, found)


def _known_elsewhere(actor, asked: list[Number], route: str) -> Row | None:
    """Somebody registered at another member of the actor's consortia, masked. The look is written down."""
    hashes = {value_hash for number in asked for value_hash in number.hashes}
    if not hashes or actor.is_machine:
        return None
    persons = PersonNumber.objects.filter(value_hash__in=hashes).values("person_id")
    colleagues = Member.objects.current().filter(consortium_id__in=actor.consortium_ids).values("institution_id")
    known = Patient.objects.filter(person_id__in=persons, institution_id__in=colleagues, unknown=False)
    patient = known.select_related("institution").order_by("-updated_at", "-id").first()
    if patient is None:
        return None
    note_look_up(actor, patient, route)
    return _row(actor, patient, id=None)


def note_numbers(actor, entered, route: str = "") -> None:
    """Somebody whose entry contradicts what is registered was told so: whose numbers those are, he now knows."""
    read = [number for each in entered for number in _readable(each)]
    hashes = {value_hash for number in read if number.strong for value_hash in number.hashes}
    persons = PersonNumber.objects.filter(value_hash__in=hashes).values("person_id")
    known = Patient.objects.filter(person_id__in=persons).exclude(institution_id=actor.institution_id)
    newest = {patient.person_id: patient for patient in known.order_by("updated_at", "id")}
    for patient in newest.values():
        note_look_up(actor, patient, route)


def _readable(entered) -> list[Number]:
    try:
        return [numbers.read(entered.type, entered.value, entered.owner)]
    except numbers.InvalidIdentifier:
        return []


def _rows(actor, patients) -> list[Row]:
    """One row for each person; an own registration goes before another institution's."""
    chosen: dict[int, Patient] = {}
    for patient in sorted(patients, key=lambda patient: patient.institution_id != actor.institution_id):
        chosen.setdefault(patient.person_id, patient)
    return [_row(actor, patient, id=patient.public_id) for patient in list(chosen.values())[:MOST]]


def _row(actor, patient: Patient, id: str | None) -> Row:
    return Row(
        id=id,
        name=patient.name if patient.unknown else masks.mask_name(patient.name),
        sex=patient.sex,
        age=patient.age,
        age_words=masking.age_words(patient),
        last4=patient.last4,
        own=patient.institution_id == actor.institution_id,
        institution=patient.institution.label,
    )
