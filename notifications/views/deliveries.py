"""What administrators do about notices and errands that failed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from notifications import actions, sms
from notifications.errands import dead_errands
from notifications.listing import Line, name_robots, only_known
from notifications.models import Delivery
from toolkit.keyset import page

PER_PAGE = 30
NEWEST_FIRST = ("-id",)


@never_cache
@require_safe
def deliveries(request):
    """What did not reach the own staff, patients and groups; with `?show=all` whatever left the house."""
    request.actor.require("delivery.manage")
    show = only_known(request, ("failing", *Delivery.TROUBLED, "all"))
    rows = _shown(Delivery.objects.visible_to(request.actor).select_related("event", "user"), show)
    found = page(rows, order=NEWEST_FIRST, cursor=request.GET.get("cursor"), limit=PER_PAGE)
    name_robots(found.results)
    lines = [Line(row) for row in found.results]
    context = {"page": found, "lines": lines, "show": show, "sms_is_on": sms.is_on()}
    return render(request, "notifications/deliveries.html", context)


def _shown(rows, show: str):
    if show == "all":
        return rows.outgoing()
    return rows.failing() if show == "failing" else rows.filter(state=show)


@require_POST
def resend(request, pk):
    delivery = get_object_or_404(Delivery.objects.visible_to(request.actor).select_related("event"), pk=pk)
    actions.resend(actor=request.actor, delivery=delivery)
    messages.success(request, _("已重新排队发送"))
    return redirect("notifications:deliveries")


@require_POST
def resend_all(request):
    """Everything of the own house that failed."""
    count = actions.resend_all(actor=request.actor)
    messages.success(request, _("已重新排队发送 %(count)s 条通知") % {"count": count})
    return redirect("notifications:deliveries")


@never_cache
@require_safe
def errands(request):
    """Follow-up work of events that was given up after many attempts."""
    request.actor.require("consortium.manage")
    found = page(dead_errands(request.actor), order=NEWEST_FIRST, cursor=request.GET.get("cursor"), limit=PER_PAGE)
    return render(request, "notifications/errands.html", {"page": found})


@require_POST
def replay(request, pk):
    errand = get_object_or_404(dead_errands(request.actor), pk=pk)
    actions.replay_errand(actor=request.actor, errand=errand)
    messages.success(request, _("已重新执行"))
    return redirect("notifications:errands")
