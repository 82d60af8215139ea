"""Files of a referral on its page: added, opened, taken back."""

import hashlib

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.idempotency import FORM_FIELD, Answer, once
from referrals import attachments
from referrals.actions.attaching import attach as attach_file
from referrals.actions.attaching import may_withdraw, withdraw_attachment
from referrals.forms.attaching import AttachForm, WithdrawAttachmentForm
from referrals.resolving import find_referral
from referrals.showing.attachments import files_of, shown_to
from referrals.showing.patients import masked_name
from referrals.views.loading import for_page
from referrals.workflow import LIFE
from toolkit.refusals import Forbidden


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request, number):
    """The form on a page of its own; it stands on the referral's page as well. Works without scripts."""
    referral = find_referral(request.actor, number, queryset=for_page())
    request.viewed_referral = referral
    attachments.require_open(referral, request.actor)
    refusal = LIFE.why_not(referral, "attach", request.actor)
    if refusal:
        raise refusal
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AttachForm(*posted)
    if request.method == "POST" and form.attempt(lambda data: _add(request, referral, form)):
        messages.success(request, _("附件已添加，对方会收到通知。") if referral.submitted_at else _("附件已添加。"))
        return redirect(_list_of(referral))
    context = {"referral": referral, "form": form, "patient_name": masked_name(referral.patient)}
    context |= {"limits": limits_words()}
    return render(request, "referrals/attach.html", context, status=form.status)


def _add(request, referral, form) -> None:
    clean = attachments.receive(referral, request.actor, form.upload)
    add_once(request, clean, lambda: attach_file(referral, actor=request.actor, clean=clean, **form.words))


def add_once(request, clean, add) -> None:
    """Looked at first (`clean`), then added once for each form and file, however often it is sent."""

    def act() -> Answer:
        add()
        return Answer(302)

    key = request.POST.get(FORM_FIELD, "")
    if not key:
        act()
        return
    content = hashlib.sha256(clean.data).hexdigest()
    both = hashlib.sha256(f"{key} {content}".encode()).hexdigest()
    once(actor=request.actor, key=both, route=f"POST {request.path}", body=b"", act=act)


@never_cache
@require_safe
def content(request, number, ordinal):
    """The file itself. Writes one access entry."""
    referral = find_referral(request.actor, number)
    route = "GET /referrals/{number}/attachments/{ordinal}/"
    return attachments.content_of(referral, ordinal, request.actor, route=route)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, number, ordinal):
    """Take it back, with a reason."""
    referral = find_referral(request.actor, number, queryset=for_page())
    request.viewed_referral = referral
    attachments.require_open(referral, request.actor)
    attachment = attachments.find_attachment(referral, ordinal)
    if not may_withdraw(attachment, referral, request.actor):
        raise Forbidden(_("附件由添加它的一方撤回，请联系对方。"), code="not_yours")
    form = WithdrawAttachmentForm(*[request.POST] if request.method == "POST" else ())
    if request.method == "POST" and form.attempt(
        lambda data: withdraw_attachment(attachment, actor=request.actor, **data)
    ):
        messages.success(request, _("附件 %(number)s 已撤回，谁都不能再打开。") % {"number": ordinal})
        return redirect(_list_of(referral))
    context = {"referral": referral, "form": form, "patient_name": masked_name(referral.patient)}
    context |= {"row": shown_to(request.actor, referral, attachment)}
    return render(request, "referrals/attachment_withdraw.html", context, status=form.status)


def card_of_files(referral, actor, steps) -> dict:
    """What parts/attachments.html shows on the referral's page."""
    return {"files": files_of(referral, actor, steps), "attach_form": AttachForm(), "limits": limits_words()}


def limits_words() -> dict:
    """For the words beside the form and for the script that looks before it sends."""
    most = attachments.most()
    return {"most": most["pdf"] // 2**20, "dicom": most["dicom"] // 2**20, "bytes": max(most.values())}


def _list_of(referral) -> str:
    return reverse("referrals:detail", args=[referral.number]) + "#attachments"
