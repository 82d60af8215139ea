"""What the parties may do with a patient's links: end them all, and stop or resume short messages."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from referrals.actions.links import revoke_links
from referrals.actions.patient_words import choose_sms_for
from referrals.resolving import find_referral
from toolkit.pages.forms import posted
from toolkit.refusals import Refused


@require_POST
def revoke(request, number):
    """作废患者链接: the paper that is out opens nothing any more."""
    referral = find_referral(request.actor, number)
    try:
        count = revoke_links(referral, actor=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal.detail))
        return _back(referral)
    words = ngettext(
        "已作废 %(count)s 个患者链接，旧转诊单上的二维码不能再打开；需要时请重新打印转诊单。",
        "已作废 %(count)s 个患者链接，旧转诊单上的二维码不能再打开；需要时请重新打印转诊单。",
        count,
    )
    messages.success(request, words % {"count": count})
    return _back(referral)


@require_POST
def messages_wanted(request, number):
    """What the patient said at the window about short messages."""
    referral = find_referral(request.actor, number)
    wanted = posted(request, "wanted") == "yes"
    choose_sms_for(referral, actor=request.actor, wanted=wanted)
    messages.success(request, _("已恢复短信提醒。") if wanted else _("已登记：不再给患者发短信。"))
    return _back(referral)


def _back(referral):
    return redirect(reverse("referrals:detail", args=[referral.number]) + "#patient-link")
