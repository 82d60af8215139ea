"""Who is it? Exact own numbers only: never a name with a birth date, never a telephone.

A strong number belongs to one person (`PersonNumber`). Whoever loses the race for a new number finds
the winner's person. The person's row is locked until the registration is written.
"""

from difflib import SequenceMatcher

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from records.checks import Checked
from records.codes import IdentifierType, Sex
from records.masking import name_key
from records.models import Identifier, Patient, Person, PersonNumber
from records.numbers import Number
from toolkit.pinyin import search_keys
from toolkit.refusals import Conflict, FieldError

ALIKE = 0.6
_PLACEHOLDERS = ("之子", "之女", "之婴", "之一", "之二", "无名氏")


def owners_of(numbers: list[Number]) -> set[int]:
    """The persons these strong numbers belong to, as primary keys."""
    found = set()
    for number in numbers:
        known = PersonNumber.objects.filter(type=number.type, value_hash__in=number.hashes)
        found |= set(known.values_list("person_id", flat=True))
    return found


def holder_here(institution_id: int, numbers: list[Number]) -> set[int]:
    """The persons registered in this institution under one of its own numbers (such as a record number)."""
    found = set()
    for number in numbers:
        if number.strong:
            continue
        known = Identifier.objects.matching().filter(
            institution_id=institution_id, type=number.type, value_hash__in=number.hashes
        )
        found |= set(known.values_list("patient__person_id", flat=True))
    return found


def claim_person(institution_id: int, checked: Checked) -> tuple[Person, bool]:
    """The person these numbers say it is, locked, and whether he was known before. Call inside a transaction."""
    while True:
        persons = owners_of(checked.strong) | holder_here(institution_id, checked.own)
        if len(persons) > 1:
            raise _two_persons()
        if persons:
            return lock_person(persons.pop()), True
        try:
            with transaction.atomic():
                person = Person.objects.create()
                attach(person, checked.strong)
            return lock_person(person.pk), False
        except IntegrityError:
            # somebody else registered one of the numbers in this moment: look again and find him
            continue


def lock_person(person_id: int) -> Person:
    return Person.objects.select_for_update().get(pk=person_id)


def attach(person: Person, numbers: list[Number]) -> None:
    """Give the person these strong numbers, in one order everywhere so that two claims never deadlock."""
    fresh = {(number.type, number.hash) for number in numbers if number.strong}
    fresh -= set(person.numbers.values_list("type", "value_hash"))
    for type, value_hash in sorted(fresh):
        PersonNumber.objects.create(person=person, type=type, value_hash=value_hash)


def attach_or_refuse(person: Person, numbers: list[Number]) -> None:
    """The same for a person known already: a number just taken by somebody else is a `Conflict`."""
    try:
        with transaction.atomic():
            attach(person, numbers)
    except IntegrityError:
        raise number_taken() from None


def release(person: Person, number: Number) -> None:
    """Take a number entered wrongly off the person."""
    person.numbers.filter(type=number.type, value_hash__in=number.hashes).delete()


def refuse_contradiction(person: Person, checked: Checked, *, institution_id: int) -> None:
    """`Conflict` when what is entered is strongly at odds with every registration of that person."""
    registered = list(person.patients.order_by("id"))
    if registered and not any(_agrees(patient, checked) for patient in registered):
        raise _contradiction(next((p for p in registered if p.institution_id == institution_id), None))
    _refuse_second_resident_id(person, checked)


def _refuse_second_resident_id(person: Person, checked: Checked) -> None:
    cards = [number for number in checked.strong if number.type == IdentifierType.RESIDENT_ID]
    known = set(person.numbers.filter(type=IdentifierType.RESIDENT_ID).values_list("value_hash", flat=True))
    if cards and known and not known & set(cards[0].hashes):
        raise Conflict(_("该号码对应的患者已登记了另一个居民身份证号，请逐一核对所填号码。"), code="other_resident_id")


def _agrees(patient: Patient, checked: Checked) -> bool:
    data = checked.data
    if data.sex in (Sex.MALE, Sex.FEMALE) and patient.sex in (Sex.MALE, Sex.FEMALE) and data.sex != patient.sex:
        return False
    if data.birth_date and patient.birth_date and data.birth_date != patient.birth_date:
        return False
    return data.unknown or patient.unknown or names_alike(data.name, patient.name)


def names_alike(one: str, other: str) -> bool:
    """The same name, give or take a slip: same sound, or most of its characters."""
    if one.endswith(_PLACEHOLDERS) or other.endswith(_PLACEHOLDERS):
        return True
    one, other = name_key(one), name_key(other)
    if one == other or (search_keys(one)[0] and search_keys(one)[0] == search_keys(other)[0]):
        return True
    ratio = SequenceMatcher(None, "".join(sorted(one)), "".join(sorted(other)), autojunk=False).ratio()
    return ratio >= ALIKE


def _contradiction(here: Patient | None) -> Conflict:
    """Names the registration only to the institution that keeps it; never repeats what stands there."""
    if here:
        words = _("该号码在本机构已登记为 %(patient)s，姓名、性别或出生日期与所填不符。请核对证件，或先更正该登记。")
        words = words % {"patient": here.public_id}
    else:
        words = _(
            "该号码已用于登记另一姓名、性别或出生日期。请对照证件逐项核对；患者改过姓名的，请先按原姓名登记再更改。"
        )
    return Conflict(words, code="number_of_another", errors=(FieldError("/identifiers", "number_of_another", words),))


def number_taken() -> Conflict:
    return Conflict(_("该号码已登记在另一患者名下，请查找该患者并核对后重试。"), code="number_taken")


def _two_persons() -> Conflict:
    words = _("所填号码分属不同的患者，请逐一核对，去掉不属于该患者的号码。")
    return Conflict(
        words, code="numbers_of_two_persons", errors=(FieldError("/identifiers", "numbers_of_two_persons", words),)
    )
