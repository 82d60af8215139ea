"""Files of an inquiry on its page: added, opened, taken back."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from advice import files
from advice.actions import attach as attach_file
from advice.actions import withdraw_attachment
from advice.actions.attaching import may_withdraw
from advice.resolving import find_inquiry, for_page
from advice.showing import who_of
from advice.workflow import LIFE
from referrals.attachments import find_attachment
from referrals.forms.attaching import AttachForm, WithdrawAttachmentForm
from referrals.showing.attachments import shown
from referrals.views.attachments import add_once, limits_words
from toolkit.refusals import Forbidden


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request, number):
    """The form on a page of its own; it stands on the inquiry's page as well. Works without scripts."""
    inquiry = find_inquiry(request.actor, number, queryset=for_page())
    files.require_open(inquiry, request.actor)
    refusal = LIFE.why_not(inquiry, "attach", request.actor)
    if refusal:
        raise refusal
    form = AttachForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    if request.method == "POST" and form.attempt(lambda data: _add(request, inquiry, form)):
        messages.success(request, _("附件已添加，对方会收到通知。"))
        return redirect(_list_of(inquiry))
    context = {"inquiry": inquiry, "form": form, "who": who_of(inquiry), "limits": limits_words()}
    return render(request, "advice/attach.html", context, status=form.status)


def _add(request, inquiry, form) -> None:
    clean = files.receive(inquiry, request.actor, form.upload)
    add_once(request, clean, lambda: attach_file(inquiry, actor=request.actor, clean=clean, **form.words))


@never_cache
@require_safe
def content(request, number, ordinal):
    """The file itself. Writes one access entry where it is about a patient."""
    inquiry = find_inquiry(request.actor, number, queryset=for_page())
    route = "GET /advice/{number}/attachments/{ordinal}/"
    return files.content_of(inquiry, ordinal, request.actor, route=route)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, number, ordinal):
    """Take it back, with a reason."""
    inquiry = find_inquiry(request.actor, number, queryset=for_page())
    files.require_open(inquiry, request.actor)
    attachment = find_attachment(inquiry, ordinal)
    refusal = LIFE.why_not(inquiry, "withdraw_attachment", request.actor)
    if refusal:
        raise refusal
    if not may_withdraw(attachment, inquiry, request.actor):
        raise Forbidden(_("附件由添加它的一方撤回，请联系对方。"), code="not_yours")
    form = WithdrawAttachmentForm(*[request.POST] if request.method == "POST" else ())
    if request.method == "POST" and form.attempt(
        lambda data: withdraw_attachment(attachment, actor=request.actor, **data)
    ):
        messages.success(request, _("附件 %(number)s 已撤回，谁都不能再打开。") % {"number": ordinal})
        return redirect(_list_of(inquiry))
    address = reverse("advice:attachment", args=[number, ordinal])
    context = {"inquiry": inquiry, "form": form, "who": who_of(inquiry)}
    context |= {"row": shown(attachment, address=address, withdraw="")}
    return render(request, "advice/attachment_withdraw.html", context, status=form.status)


def _list_of(inquiry) -> str:
    return reverse("advice:detail", args=[inquiry.number]) + "#attachments"
