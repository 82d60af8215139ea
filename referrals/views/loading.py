"""Loading one referral for a page."""

from django.db.models import FilteredRelation, Q

from referrals.models import Referral


def for_page():
    """Everything the page of one referral shows of it in one statement; `held` is its live booking, if any."""
    return (
        Referral.objects.with_parties()
        .annotate(held=FilteredRelation("bookings", condition=Q(bookings__given_back_at=None)))
        .select_related("held__capacity", "summary", "consent__text", "patient__person", "consortium")
    )
