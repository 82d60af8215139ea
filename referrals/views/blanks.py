"""Blank slips of the own house: print, list, print again, spoil. Entering them is writing a referral."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.idempotency import location_once
from referrals.actions import blanks as acts
from referrals.forms.blanks import STATES, BlanksAskedForm, PrintForm, SpoilForm
from referrals.models import BlankSlip
from referrals.resolving import find_batch, find_blank
from referrals.showing.blanks import paper_of
from toolkit.keyset import page
from toolkit.refusals import Refused

PER_PAGE = 30
NEWEST_FIRST = ("-id",)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def blanks(request):
    """GET: what was printed, `?state=unused|used|spoiled`. POST: number and print a batch, once per form."""
    acts.require_paper(request.actor)
    form = PrintForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.attempt(lambda data: location_once(request, lambda: _print(request, data))):
        return redirect(form.result)
    state = BlanksAskedForm.of(request).cleaned_data["state"]
    own = BlankSlip.objects.visible_to(request.actor)
    rows = getattr(own, state)() if state else own
    found = page(rows.select_related("used_by"), order=NEWEST_FIRST, cursor=request.GET.get("cursor"), limit=PER_PAGE)
    context = {"form": form, "page": found, "unused": own.unused().count(), "state": state, "states": STATES.items()}
    return render(request, "referrals/blanks.html", context, status=form.status)


def _print(request, data) -> str:
    made = acts.print_blanks(actor=request.actor, **data)
    words = ngettext("已编号 %(count)s 张空白转诊单，请打印。", "已编号 %(count)s 张空白转诊单，请打印。", len(made))
    messages.success(request, words % {"count": len(made)})
    return reverse("referrals:blank_batch", args=[made[0].batch])


@never_cache
@require_safe
def batch(request, batch):
    """The sheets that were numbered together, as far as they are still blank."""
    return _papers(request, find_batch(request.actor, batch))


@never_cache
@require_safe
def blank(request, number):
    """One sheet, still blank."""
    return _papers(request, [find_blank(request.actor, number)])


def _papers(request, rows):
    papers = [paper_of(each) for each in rows if each.state == "unused"]
    if not papers:
        raise Refused(_("这些空白单都已录入或作废，不能再打印。"))
    return render(request, "referrals/blank.html", {"papers": papers})


@require_POST
def reprint(request, number):
    found = find_blank(request.actor, number)
    acts.reprint_blank(found, actor=request.actor)
    return redirect("referrals:blank", number=found.number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def spoil(request, number):
    """Ask why, and take the number out of use."""
    found = find_blank(request.actor, number)
    form = SpoilForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.attempt(lambda data: acts.spoil_blank(found, actor=request.actor, **data)):
        messages.success(request, _("空白单 %(number)s 已作废。") % {"number": found.number})
        return redirect("referrals:blanks")
    return render(request, "referrals/blank_spoil.html", {"form": form, "blank": found}, status=form.status)
