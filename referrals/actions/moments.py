"""When something happened: not in the future, not longer ago than anybody remembers, and in order."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toolkit.refusals import Refused

EARLIEST = timedelta(days=30)
"""Late entry reaches back this far; older papers are a matter for the office."""


def check_moment(pointer, moment) -> None:
    """What is entered afterwards happened before now, and not longer ago than anybody remembers."""
    if moment is None:
        return
    now = timezone.now()
    if moment > now + timedelta(minutes=5):
        raise Refused.of(pointer, "future", _("实际发生时间不能晚于现在。"))
    if moment < now - EARLIEST:
        raise Refused.of(pointer, "too_early", _("补录最多追溯30天，更早的请联系医联体办公室。"))


def check_order(referral, pointer, moment) -> None:
    """What people did follows one another; only an emergency may have set out and arrived before it was written.

    The clock's own steps do not count: who came after all was missed later than he came.
    """
    if moment is None:
        return
    check_paper(getattr(referral, "blank", None), pointer, moment)
    if referral.is_emergency:
        return
    made = referral.steps.filter(version__isnull=False).exclude(actor_kind="clock").order_by("-id")
    before = made.values_list("occurred_at", flat=True).first()
    if before and moment < before:
        words = _("早于上一步的时间 %(before)s，请核对。") % {"before": minute_words(before)}
        raise Refused.of(pointer, "before_previous", words)


def check_paper(blank, pointer, moment) -> None:
    """What stands on numbered paper was written after the paper was printed, however urgent it was."""
    if blank and moment and moment < blank.printed_at:
        words = _("早于这张空白单的印发时间 %(printed)s，请核对纸质单上的时间。") % {
            "printed": minute_words(blank.printed_at)
        }
        raise Refused.of(pointer, "before_printing", words)


def minute_words(moment) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
