"""On whose *my turn* a referral stands: the people of the one unit in whose hand it lies.

What lies with the desk is for those who work the desk, what lies with a department for its people and for the doctors
of the whole house; whoever the roster puts there now belongs to it too. Where nobody of the unit works there, the next
are asked: of a department without doctors all doctors, of a house without a desk or without doctors whoever has the
permission. Nothing is left without a list.
"""

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, When

from accounts.models import DutyShift, Membership
from accounts.roles import DESK, DOCTORS, is_doctor


def turn_of(actor) -> Q:
    """The referrals on this actor's list, as a condition of one statement."""
    mine = Q(hand_institution_id=actor.institution_id, hand_permission__in=sorted(actor.permissions))
    return mine & ((Q(hand_unit="desk") & _at_desk(actor)) | (Q(hand_unit="department") & _in_department(actor)))


def is_turn_of(actor) -> Case:
    """The same as a column."""
    return Case(When(turn_of(actor), then=True), default=False, output_field=BooleanField())


def is_evident(referral, actor) -> bool:
    """Whether the row alone puts it on this actor's list, of one that lies with his house and needs what he may do.

    False says nothing: then it depends on who else works there and on the roster.
    """
    if referral.hand_unit == "desk":
        return DESK in actor.roles
    if actor.department_id and actor.department_id == referral.hand_department_id:
        return True
    return is_doctor(actor.roles) and None in (actor.department_id, referral.hand_department_id)


def _at_desk(actor) -> Q:
    if DESK in actor.roles:
        return _EVERYTHING
    return Q(~Exists(_staff(actor, DESK))) | _on_duty(actor, DutyShift.Kind.DESK)


def _in_department(actor) -> Q:
    doctors = _staff(actor, *DOCTORS)
    if not is_doctor(actor.roles):
        theirs = Q(~Exists(doctors))
    elif actor.department_id is None:
        return _EVERYTHING
    else:
        theirs = Q(hand_department=None) | Q(~Exists(doctors.in_department(OuterRef("hand_department_id"))))
    if actor.department_id:
        theirs |= Q(hand_department_id=actor.department_id)
    return theirs | _on_duty(actor, DutyShift.Kind.DEPARTMENT, department=OuterRef("hand_department_id"))


def _on_duty(actor, kind, **where) -> Q:
    if actor.membership_id is None:
        return ~_EVERYTHING
    shifts = DutyShift.objects.answering(actor.institution_id)
    return Q(Exists(shifts.filter(kind=kind, membership_id=actor.membership_id, **where)))


def _staff(actor, *roles):
    return Membership.objects.current().at(actor.institution_id).with_role(*roles)


_EVERYTHING = Q(pk__isnull=False)
