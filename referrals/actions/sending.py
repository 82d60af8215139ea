"""Sending a referral: completeness, consent, duplicates per person, review inside the sender."""

from contextlib import contextmanager
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from events.actor import clock_actor, system_actor
from institutions.actions.relations import direction_between
from institutions.models import Relation
from records.actions import grant_access
from records.models import Person
from referrals import codes, limits, rules
from referrals.actions.blanks import left_at
from referrals.actions.places import give_place_back
from referrals.content import CONTENT_FIELDS
from referrals.proposing import keep
from referrals.workflow import LIFE
from toolkit.refusals import Refusal


def submit(referral, *, actor, version=None, **when):
    """Send a draft, or the completed form back after a return; asks the sender's reviewer where the house wants it.

    Review happens only from draft and never holds an emergency, nor what its house has sent before (forwarding).
    What was written on numbered paper was sent when the paper says.
    """
    with person_locked(referral), LIFE.moving(referral, "submit", actor=actor, version=version, **when) as passage:
        mine = passage.subject
        if not mine.consortium_id:  # not what its own reviewer has sent back
            _date_as_on_paper(passage, when)
        rules.check_sendable(mine)
        _clear_the_way(mine, actor)
        if _needs_review(mine):
            passage.target = "in_review"
            mine.consortium_id = _consortium_of(mine)
        else:
            _send(passage, actor)
        keep(mine, on=timezone.localdate(passage.occurred_at))
    return referral


def _date_as_on_paper(passage, when: dict) -> None:
    passage.occurred_at = left_at(passage.subject, when.get("occurred_at")) or passage.occurred_at


def _needs_review(referral) -> bool:
    if referral.status != "draft" or referral.is_emergency or referral.link in codes.PASSED_ON:
        return False
    return referral.sender.reviews_outgoing


def approve(referral, *, actor, version=None, **when):
    """The reviewer lets it go; everything is checked again, since time has passed.

    Who has left with numbered paper was sent when the paper says, though it is reviewed only now.
    """
    with person_locked(referral), LIFE.moving(referral, "approve", actor=actor, version=version, **when) as passage:
        _date_as_on_paper(passage, when)
        rules.check_sendable(passage.subject)
        _clear_the_way(passage.subject, actor)
        _send(passage, actor)
    return referral


def send_back(referral, *, actor, version=None, remark="", **when):
    with LIFE.moving(referral, "send_back", actor=actor, version=version, remark=remark, **when):
        pass
    return referral


def send_on(referral, *, actor) -> bool:
    """Send a forwarded referral at once for its sender; False when it must wait as the sender's draft.

    Nobody of the sender pressed the button, so the step says the system did.
    """
    try:
        submit(referral, actor=replace(system_actor(), request_id=actor.request_id))
    except Refusal:
        return False
    return True


def direction_to(sender, receiver) -> str:
    """The direction their relation allows, else the one their levels give."""
    known = Relation.objects.open().filter(sender=sender, receiver=receiver).order_by("pk").first()
    return known.direction if known else direction_between(sender, receiver)


@contextmanager
def person_locked(referral):
    """Two registrations of one person cannot both be sent: the person's row is the lock."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=referral.patient.person_id)
        yield


def _clear_the_way(referral, actor) -> None:
    for other in list(rules.others_holding(referral)):
        if not rules.superseded_by(referral, other):
            raise rules.duplicate_of(other, actor)
        _supersede(other, referral)


def _supersede(other, referral) -> None:
    with LIFE.moving(other, "supersede", actor=clock_actor(), remark="") as passage:
        passage.facts.update(reason="superseded", number=referral.number)
        give_place_back(passage.subject)


def _send(passage, actor) -> None:
    referral = passage.subject
    if referral.link == "resubmit":
        passage.facts["changed"] = _changed_since(referral, referral.parent)
    referral.consortium_id = _consortium_of(referral)
    _open_record_to_both(referral, actor)
    rules.check_times(referral, sent_at=passage.occurred_at)
    if referral.green_channel:
        referral.urgency = "emergency"
    if referral.green_channel and not rules.is_complete(referral):
        referral.completion_due, referral.completion_rung = timezone.now() + limits.COMPLETION_DUE, 0
        referral.completed_at = referral.completed_in_time = None
    if referral.is_emergency:
        passage.facts["event_facts"] = {"minutes": limits.limit_of(referral, "respond").amount}
    _settle_parent(referral, actor)


def _open_record_to_both(referral, actor) -> None:
    """The receiver may read while it lives; so may a sender who knows the patient by an earlier referral only."""
    houses = [referral.receiver]
    if referral.sender_id != referral.patient.institution_id:
        houses.append(referral.sender)
    for house in houses:
        grant_access(
            actor=actor,
            institution=house,
            person=referral.patient.person,
            basis="referral",
            source=referral.event_ref,
        )


def _changed_since(referral, refused) -> list[str]:
    """The names of what differs from the referral that was not taken: whoever reads it again looks there first."""
    names = ("direction", "receiver", "department", *CONTENT_FIELDS)
    return [name for name in names if getattr(referral, name) != getattr(refused, name)]


def _consortium_of(referral):
    return rules.consortium_between(referral.sender_id, referral.direction, receiver_id=referral.receiver_id).first()


def _settle_parent(referral, actor) -> None:
    """A resubmission says what became of the patient: the refused referral is settled by it."""
    parent = referral.parent
    if referral.link == "resubmit" and parent.status in LIFE.moves["settle"].sources:
        with LIFE.moving(parent, "settle", actor=actor, outcome="re_referred", number=referral.number):
            pass
