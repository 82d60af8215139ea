"""Code lists of advice before referral: stable English slugs with their Chinese words."""

from django.utils.translation import gettext_lazy as _

from referrals import codes as referral_codes

URGENCIES = {code: referral_codes.URGENCIES[code] for code in ("routine", "urgent")}
"""An emergency does not wait for an answer: it is refused with the way it should go instead."""

OUTCOMES = {"treat_here": _("建议就地处理"), "refer": _("建议转诊"), "more_needed": _("请补充资料")}
"""What an answer comes to."""


def choices(code_list: dict) -> list[tuple]:
    """A code list as Django and DRF take it."""
    return list(code_list.items())
