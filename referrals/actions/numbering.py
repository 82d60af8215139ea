"""Giving numbers: one series for referrals and blank paper, in which nothing is given twice."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.models import GivenNumber
from toolkit.identifiers.numbers import referral_number
from toolkit.refusals import Conflict

ATTEMPTS = 5


def give_numbers(count: int = 1) -> list[str]:
    """So many numbers of this year that were never given, entered into the book in the caller's transaction.

    Numbers are random, so a clash is drawn again.
    """
    year = timezone.localdate().year
    for _attempt in range(ATTEMPTS):
        drawn = list(dict.fromkeys(referral_number(year) for _number in range(count)))
        try:
            with transaction.atomic():
                GivenNumber.objects.bulk_create(GivenNumber(number=number) for number in drawn)
        except IntegrityError:
            continue
        if len(drawn) == count:
            return drawn
    raise Conflict(_("转诊单号生成冲突，请重试。"))
