"""The desk's scanner: a slip's code in, the form of arrival out. Posted, so that no token stands in an address."""

from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.throttling import hold_back
from referrals.actions.links import find_link
from referrals.latest import latest_of
from referrals.models import Referral
from referrals.resolving import find_referral
from referrals.scanning import LONGEST, Scan, read_scan
from referrals.showing.blanks import not_entered_words
from referrals.showing.moves import why_closed
from referrals.views.loading import for_page
from referrals.workflow import LIFE
from toolkit.refusals import Missing, Refused

LONGEST_SHOWN = 24
"""Two numbers in a row; what is longer, or has marks in it, may hold a token."""
UNKNOWN = gettext_lazy("没有找到这张转诊单：不是转到贵机构的，或码已失效。请核对单号，或请转出方确认。")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request):
    """GET: the box. POST `code`: on to the arrival, or to the referral with the reason why it cannot be registered."""
    request.actor.require("referral.read")
    if request.method != "POST":
        return _box(request)
    hold_back("look_up", request.actor)
    text = request.POST.get("code", "")
    try:
        found = _found(request.actor, read_scan(text, own=settings.PATIENTS_URL))
    except Refused as refusal:
        return _box(request, text, refusal.detail, status=422)
    except Missing as missing:
        return _box(request, text, missing.detail, status=404)
    refusal = LIFE.why_not(found, "arrive", request.actor)
    if refusal is None:
        return redirect("referrals:move", number=found.number, verb="arrive")
    messages.warning(request, why_not_arriving(found, refusal))
    return redirect("referrals:detail", number=found.number)


def _found(actor, scanned: Scan) -> Referral:
    """`Missing` in the same words, whether there is none or it is nothing to the actor."""
    link = find_link(scanned.token) if scanned.token else None
    number = scanned.number or (link.referral.number if link else "")
    onward = [latest_of(link.referral).number] if link else []  # the paper goes on with its patient
    for each in (number, *onward):
        with suppress(Missing):
            return find_referral(actor, each, queryset=for_page())
    raise Missing(not_entered_words(actor, number) or UNKNOWN)


def why_not_arriving(referral, refusal) -> str:
    """One sentence for the desk."""
    if referral.arrived_at and referral.status not in LIFE.moves["arrive"].sources:
        at = f"{timezone.localtime(referral.arrived_at):%Y-%m-%d %H:%M}"
        return _("该患者已于 %(at)s 登记到诊，不用再登记。") % {"at": at}
    if referral.status not in LIFE.moves["arrive"].sources:
        return _("该转诊单现在是“%(status)s”，不能登记到诊。") % {"status": referral.get_status_display()}
    return _("不能登记到诊：%(why)s") % {"why": why_closed(LIFE.moves["arrive"], refusal, referral)}


def _box(request, text: str = "", problem: str = "", status: int = 200):
    """What was typed comes back to be corrected; an address does not, since a token is no text to look at."""
    typed = text.strip()
    shown = typed if len(typed) <= LONGEST_SHOWN and typed.isalnum() else ""
    context = {"text": shown, "problem": problem, "longest": LONGEST}
    return render(request, "referrals/scan.html", context, status=status)
