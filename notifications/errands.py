"""Which dead errands an administrator may see."""

from django.db.models import Q

from events.models import Errand
from institutions.models import Member


def dead_errands(actor):
    """Those owed to acts of the own institution and of the own consortia's members.

    Acts of the clock belong to no institution; whoever manages a consortium sees them all, without their subject.
    """
    houses = Member.objects.current().filter(consortium_id__in=actor.consortium_ids).values("institution_id")
    scope = Q(event__institution_id=actor.institution_id) | Q(event__institution_id__in=houses)
    if actor.may("consortium.manage"):
        scope |= Q(event__institution_id=None)
    return Errand.objects.dead().filter(scope).select_related("event")
