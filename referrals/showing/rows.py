"""A referral as one line of a list: the patient masked, no clinical text, nothing asked of the database."""

from functools import cached_property

from records.masking import age_words
from referrals import codes
from referrals.showing.hands import hand_of
from referrals.showing.patients import masked_name
from toolkit.pages.remaining import remaining


class Row:
    """One line. Needs what `Referral.objects.with_parties()` loads."""

    def __init__(self, referral, actor):
        self.referral, self._actor = referral, actor

    @cached_property
    def hand(self):
        return hand_of(self.referral, self._actor)

    @property
    def name(self) -> str:
        return masked_name(self.referral.patient)

    @property
    def age(self) -> str:
        return age_words(self.referral.patient)

    @property
    def priority(self) -> list[str]:
        return priority_words(self.referral)

    @property
    def level(self) -> str:
        """How pressing: late, soon, ok, or "" without a deadline."""
        left = remaining(self.referral.deadline) if self.referral.is_live else None
        return left.level if left else ""


def priority_words(referral) -> list[str]:
    return [str(codes.PRIORITIES[code]) for code in referral.priority if code in codes.PRIORITIES]
