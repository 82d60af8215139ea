"""What either side may do along the way: withdraw, upgrade, void, claim, comment."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.actor import system_actor
from events.models import AccessEntry
from institutions.models import Institution
from referrals import rules
from referrals.actions import sending
from referrals.actions.links import close_links
from referrals.actions.places import give_place_back
from referrals.models import PatientLink, Referral, ReturnSummary
from referrals.workflow import LIFE
from toolkit.refusals import Conflict, Refused

RANK = {"routine": 0, "urgent": 1, "emergency": 2}


def withdraw(referral, *, actor, version=None, reason="", remark="", **when):
    rules.check_comment("withdraw", reason, remark)
    with LIFE.moving(
        referral, "withdraw", actor=actor, version=version, remark=remark, reason=reason, **when
    ) as passage:
        give_place_back(passage.subject)
    return referral


@transaction.atomic
def upgrade(referral, *, actor, version=None, urgency="", green_channel="", **when):
    """病情加重: urgency only rises, and the clock restarts under the shorter limit.

    A date agreed for a milder case holds no longer: a place is kept, but an earlier one is owed within the limit.
    Review never holds an emergency.
    """
    facts = {"urgency": urgency, "green_channel": green_channel}
    with LIFE.moving(referral, "upgrade", actor=actor, version=version, **facts, **when) as passage:
        mine = passage.subject
        rises = RANK[urgency] > RANK[mine.urgency]
        opens = bool(green_channel) and not mine.green_channel
        if RANK[urgency] < RANK[mine.urgency] or not (rises or opens):
            raise Refused.of("/urgency", "not_higher", _("紧急程度只能提高；当前为“%(now)s”。") % {
                "now": mine.get_urgency_display()
            })  # fmt: skip
        mine.urgency = "emergency" if green_channel else urgency
        mine.green_channel = green_channel or mine.green_channel
        mine.response_left = mine.contact_by = None
    if referral.status == "in_review" and referral.is_emergency:
        sending.approve(referral, actor=system_actor())
    return referral


def void(referral, *, actor, version=None, reason="", **when):
    """Wrong patient or entered by mistake, by a second person of the author's institution.

    Ends the grants, takes back the summary, gives back the place, and lists who looked meanwhile.
    """
    with LIFE.moving(referral, "void", actor=actor, version=version, reason=reason, **when) as passage:
        mine = passage.subject
        give_place_back(mine)
        ReturnSummary.objects.filter(referral=mine, withdrawn_at=None).update(withdrawn_at=timezone.now())
        passage.facts["looked"] = who_looked(mine)
        close_links(mine, PatientLink.Why.VOID, actor=actor)
    return referral


def who_looked(referral) -> list[str]:
    """Who of other institutions opened the patient's record since the referral began: "县人民医院 周强"."""
    looks = AccessEntry.objects.filter(
        Q(person_id=referral.patient.person_id) | Q(patient_id=referral.patient_id),  # he may have been nobody then
        recorded_at__gte=referral.created_at,
        institution_id__isnull=False,
    ).exclude(institution_id=referral.sender_id)
    people = set(looks.values_list("institution_id", "actor_name"))
    houses = Institution.objects.in_bulk({house for house, _name in people})
    return sorted(f"{houses[house].label} {name}".strip() for house, name in people)


def claim(referral, *, actor, version=None, **when):
    """我来办: shows the others on duty that somebody is at it. The first one has it; a colleague may take over."""
    with LIFE.moving(referral, "claim", actor=actor, version=version, **when) as passage:
        if actor.membership_id is None:
            raise Refused(_("认领须由在岗人员本人办理，请注明代表的工号。"), code="person_needed")
        mine = passage.subject
        free = Referral.objects.filter(pk=mine.pk, claimed_by_id=referral.claimed_by_id)
        if not free.update(claimed_by_id=actor.membership_id, claimed_at=passage.recorded_at):
            raise Conflict(_("同事刚刚已认领，请刷新。"), code="claimed")
        mine.claimed_by_id, mine.claimed_at = actor.membership_id, passage.recorded_at
    return referral


def comment(referral, *, actor, version=None, text="", **when):
    """A word to the other side, in the timeline; changes nothing."""
    if len(text) > 2000:
        raise Refused.of("/text", "too_long", _("留言最多2000字。"))
    with LIFE.moving(referral, "comment", actor=actor, version=version, text=text, **when):
        pass
    return referral
