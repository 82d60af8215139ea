"""A referral as one line of a list: the patient masked, no clinical text, nothing asked of the database."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from records.masking import age_words
from referrals import codes
from referrals.boxes import Box
from referrals.showing.hands import hand_of
from referrals.showing.patients import masked_name
from toolkit.pages.remaining import remaining


@dataclass(frozen=True)
class Go:
    """The button at the end of a line."""

    url: str
    label: str
    pressing: bool


class Row:
    """One line of a box. Needs what `Referral.objects.with_parties()` loads."""

    def __init__(self, referral, actor, box: Box | None = None):
        self.referral, self._actor, self._box = referral, actor, box

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
    def due(self):
        """By when: the deadline of whoever has it in hand, or in the lists of what is owed, that."""
        if self._box and self._box.due != "deadline":
            return getattr(self.referral, self._box.due)
        return self.referral.deadline if self.referral.is_live else None

    @property
    def contact_level(self) -> str:
        """Of the day by which somebody must call who waits for a place: late, soon (today), or ""."""
        day, today = self.referral.contact_by, timezone.localdate()
        if day is None or day > today:
            return ""
        return "late" if day < today or self.level == "late" else "soon"

    @property
    def go(self) -> Go:
        """Where the line leads: to the work itself in the lists of what is owed, else to the page."""
        number, name = self.referral.number, self._box.name if self._box else ""
        if name == "to_complete" and self._actor.may("referral.write"):
            return Go(reverse("referrals:edit", args=[number]), _("补录"), pressing=True)
        if name == "to_review":
            return Go(reverse("referrals:review", args=[number]), _("评审"), pressing=True)
        mine = self.hand.mine
        return Go(reverse("referrals:detail", args=[number]), _("办理") if mine else _("查看"), pressing=mine)

    @property
    def level(self) -> str:
        """How pressing: late, soon, ok, or "" without a deadline."""
        left = remaining(self.due)
        return left.level if left else ""


def priority_words(referral) -> list[str]:
    return [str(codes.PRIORITIES[code]) for code in referral.priority if code in codes.PRIORITIES]
