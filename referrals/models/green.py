"""What must never be false of a referral on the green channel, and how its two lists are found."""

from django.db import models
from django.db.models import Q

from referrals.statuses import ENDED, PAPERLESS

CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(onset_at__isnull=True) | Q(called_at__isnull=True) | Q(onset_at__lte=models.F("called_at")),
        name="referrals_onset_before_call",
    ),
    models.CheckConstraint(
        condition=~Q(green_channel="") | Q(onset_at__isnull=True, called_at__isnull=True),
        name="referrals_onset_of_green",
    ),
    models.CheckConstraint(
        condition=Q(completed_at__isnull=True, completed_in_time__isnull=True)
        | Q(completed_at__isnull=False, completed_in_time__isnull=False, completion_due__isnull=True),
        name="referrals_completed_paired",
    ),
    models.CheckConstraint(
        condition=Q(completion_due__isnull=True)
        | Q(submitted_at__isnull=False) & ~Q(green_channel="") & ~Q(status__in=PAPERLESS),
        name="referrals_paper_of_green",
    ),
    models.CheckConstraint(
        condition=Q(review_due__isnull=True)
        | (Q(arrived_at__isnull=False) | Q(status__in=ENDED))
        & Q(submitted_at__isnull=False)
        & ~Q(green_channel="")
        & ~Q(status="void"),
        name="referrals_review_of_green",
    ),
]

INDEXES = [
    models.Index(
        fields=["sender", "completion_due", "id"],
        name="referrals_paper",
        condition=Q(completion_due__isnull=False),
    ),
    models.Index(
        fields=["consortium", "review_due", "id"],
        name="referrals_review",
        condition=Q(review_due__isnull=False),
    ),
    models.Index(fields=["beside_at"], name="referrals_beside", condition=Q(beside_at__isnull=False)),
]
"""Paper still owed, reviews to do, and what the clock looks at beside the hand."""
