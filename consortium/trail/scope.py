"""Which rows of the trail an auditor may see: those of the institutions of his consortia."""

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Substr

from accounts.models import Membership
from events.models import AccessEntry, Event
from institutions.scope import looked_after_by
from referrals.models import Referral

PREFIX = "referral:"
UNKNOWN_NAME = "session:unknown"


def accesses_within(actor):
    """Reads by members, and by anybody else of what members keep."""
    houses = _houses(actor)
    return AccessEntry.objects.filter(Q(institution_id__in=houses) | Q(custodian_id__in=houses))


def events_within(actor):
    """What members did, what their people did before choosing a job, and what the clock did to their referrals.

    Names that were locked and belong to nobody are every auditor's.
    """
    houses = _houses(actor)
    own_people = Membership.objects.filter(institution_id__in=houses).values("user_id")
    theirs = Referral.objects.filter(number=Substr(OuterRef("subject"), len(PREFIX) + 1))
    theirs = theirs.filter(Q(sender_id__in=houses) | Q(receiver_id__in=houses))
    by_nobody = Q(institution_id=None) & (Q(user_id__in=own_people) | Q(Q(subject__startswith=PREFIX), Exists(theirs)))
    return Event.objects.filter(Q(institution_id__in=houses) | by_nobody | Q(subject=UNKNOWN_NAME))


def _houses(actor):
    """A member of another consortium that only works with us is audited at home."""
    return looked_after_by(actor).values("pk")
