"""Which dead errands an administrator may see."""

from django.db.models import Q

from events.models import Errand
from institutions.scope import looked_after_by


def dead_errands(actor):
    """Those owed to acts of the own institution and of the own consortia's members.

    Acts of the clock belong to no institution; whoever manages a consortium sees them all, without their subject.
    """
    scope = Q(event__institution_id__in=looked_after_by(actor).values("pk"))
    if actor.may("consortium.manage"):
        scope |= Q(event__institution_id=None)
    return Errand.objects.dead().filter(scope).select_related("event")
