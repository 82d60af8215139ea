"""In whose hand a referral lies, as it is said to one actor."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from referrals.parties import is_in_turn


@dataclass(frozen=True)
class Hand:
    """`side` "" when nothing is left to do; `house` and `unit` in words; `mine`: the reader can make the next move."""

    side: str = ""
    house: str = ""
    unit: str = ""
    mine: bool = False
    claimed_by: str = ""

    @property
    def name(self) -> str:
        """What stands in the badge: one's own unit, or house and unit of somebody else."""
        return self.unit if self.mine else self.whole

    @property
    def whole(self) -> str:
        return " ".join(filter(None, [self.house, self.unit]))


def hand_of(referral, actor) -> Hand:
    if referral.hand_institution_id is None:
        return Hand()
    return Hand(
        side=referral.hand_side,
        house=referral.hand_institution.label,
        unit=unit_of(referral),
        mine=is_in_turn(referral, actor),
        claimed_by=referral.claimed_by.user.name if referral.claimed_by_id else "",
    )


def unit_of(referral) -> str:
    """The department, the referral desk, or the doctors where no department is named."""
    if referral.hand_unit == "desk":
        return _("双向转诊服务台")
    return referral.hand_department.name if referral.hand_department_id else _("医生")


def turn_words(referral, actor) -> str:
    """Whose turn it is now, as one sentence."""
    hand = hand_of(referral, actor)
    if not hand.side:
        return _("这一单已经办完，无需再处理。")
    if hand.mine:
        return _("现在轮到您（%(unit)s）。") % {"unit": hand.unit}
    if referral.by_phone and hand.side == "receiver":
        words = {"house": referral.receiver.label, "hand": hand.whole}
        return _("%(house)s不在平台办理，由%(hand)s电话联系并代录。") % words
    return _("现在轮到%(hand)s。") % {"hand": hand.whole}
