"""One inquiry: who asks whom, the thread, and what I may do."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.idempotency import location_once
from advice.actions import perform
from advice.forms import AnswerForm, WordForm
from advice.parties import open_for
from advice.resolving import find_inquiry, for_page, resolve
from advice.showing import contacts_of, files_of, thread_of, who_of
from advice.workflow import LIFE
from referrals.forms.attaching import AttachForm
from referrals.models import Referral
from referrals.showing.hands import hand_of, turn_words
from referrals.views.attachments import limits_words
from referrals.views.looking_up import sex_label
from toolkit.pages.forms import ActForm, posted
from toolkit.refusals import Malformed, Missing, PreconditionRequired, Refused

DONE = {
    "answer": gettext_lazy("已答复，对方会收到通知。"),
    "ask_again": gettext_lazy("已追问，对方会收到通知。"),
    "add": gettext_lazy("已补充，对方会收到通知。"),
    "close": gettext_lazy("咨询已结束。"),
    "withdraw": gettext_lazy("咨询已撤回。"),
}
CONVERTED = gettext_lazy("已生成转诊草稿，咨询内容和附件都已带入；请补齐后提交。")


@never_cache
@require_safe
def detail(request, number):
    """The page of an inquiry. Writes one access entry where it is about a patient and open to the reader."""
    return _page(request, find_inquiry(request.actor, number, queryset=for_page()))


@never_cache
@require_POST
def act(request, number, verb):
    """One move. What is refused comes back on the page with everything that was typed."""
    inquiry = find_inquiry(request.actor, number, queryset=for_page())
    if verb not in DONE:
        raise Missing(_("没有这个操作。"))
    form = _form(verb, inquiry, request.POST)

    def do(data) -> str:
        facts = resolve(verb, inquiry, request.actor, form.facts())
        perform(verb, inquiry, actor=request.actor, version=version_of(request), **facts)
        return reverse("advice:detail", args=[inquiry.number])

    if form.attempt(lambda data: location_once(request, lambda: do(data))):
        messages.success(request, DONE[verb])
        return redirect(form.result)
    return _page(request, find_inquiry(request.actor, number, queryset=for_page()), {verb: form}, status=form.status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def convert(request, number):
    """One click makes the draft. Where nobody was named, it is asked first who it is."""
    inquiry = find_inquiry(request.actor, number, queryset=for_page())
    refusal = LIFE.why_not(inquiry, "convert", request.actor)
    if refusal and not inquiry.referral_id:
        raise refusal
    if inquiry.referral_id and request.method != "POST":
        return redirect("referrals:detail", number=inquiry.referral.number)
    form = ActForm(*[request.POST] if request.method == "POST" else ())
    if request.method == "POST" and form.attempt(lambda data: _convert(request, inquiry)):
        messages.success(request, CONVERTED)
        return redirect(form.result)
    context = {"inquiry": inquiry, "form": form, "patient_errors": form.errors.get("__all__", [])}
    return render(request, "advice/convert.html", context, status=form.status)


def _convert(request, inquiry) -> str:
    """Not once by key only: whoever asks again, from another window too, is led to the one there is."""
    wanted = {"patient": posted(request, "patient")} if inquiry.patient is None else {}
    if not inquiry.referral_id and inquiry.patient is None and not wanted["patient"]:
        raise Refused(_("咨询时没有具名：转诊前请先查找并选择患者，或登记新患者。"), code="patient_needed")
    facts = resolve("convert", inquiry, request.actor, wanted)
    referral = perform("convert", inquiry, actor=request.actor, version=version_of(request), **facts)
    return reverse("referrals:edit" if referral.status == "draft" else "referrals:detail", args=[referral.number])


def version_of(request) -> int | None:
    typed = posted(request, "version")
    if not typed:
        raise PreconditionRequired(_("缺少版本号，请从咨询页面重新打开这个操作。"))
    if not (typed.isascii() and typed.isdecimal()):
        raise Malformed.of("/version", "version", _("版本号应为数字，请从咨询页面重新打开这个操作。"))
    return int(typed[:18])


def _form(verb, inquiry, *data):
    return AnswerForm(inquiry, *data) if verb == "answer" else WordForm(verb, *data)


def _page(request, inquiry, forms=None, *, status=200):
    opened = open_for(inquiry, request.actor, purpose="inquiry", route="GET /advice/{number}/")
    entries = list(inquiry.entries.select_related("institution", "department").order_by("id"))
    may = {move.verb for move in LIFE.open_to(inquiry, request.actor)}
    may = may if opened else may - {"answer"}
    tried = next(iter(forms or {}), "")
    context = {
        "inquiry": inquiry,
        "opened": opened,
        "hand": hand_of(inquiry, request.actor),
        "turn": turn_words(inquiry, request.actor) if inquiry.is_live else "",
        "who": who_of(inquiry),
        "thread": thread_of(inquiry, entries, opened=opened),
        "contacts": contacts_of(inquiry),
        "more_needed": next((entry.outcome for entry in reversed(entries) if entry.outcome), "") == "more_needed",
        "may": may,
        "forms": {verb: _form(verb, inquiry) for verb in may if verb != "convert"} | (forms or {}),
        "tried": tried,
        "lost": forms[tried] if tried and tried not in may else None,
        "referral": _referral(inquiry, request.actor),
        "files": None,
    }
    if opened:
        context |= {"files": files_of(inquiry, request.actor), "attach_form": AttachForm(), "limits": limits_words()}
        context |= {"patient": _patient(inquiry, request.actor)} if inquiry.patient else {}
    return render(request, "advice/detail.html", context, status=status)


def _referral(inquiry, actor):
    """What it became, where the reader may know of it: a draft is the asker's alone."""
    return Referral.objects.visible_to(actor).filter(pk=inquiry.referral_id).first() if inquiry.referral_id else None


def _patient(inquiry, actor) -> dict:
    """Name and telephone while it lives, for whoever opened the record; then masks."""
    shown = inquiry.patient.shown_to(actor, "party" if inquiry.is_live else "masked", numbers=False)
    return {
        "id": shown["id"],
        "name": shown["name"],
        "sex_label": sex_label(inquiry.patient.sex),
        "age": shown["age_words"],
        "number": _("尾号 %(last4)s") % {"last4": shown["last4"]} if shown["last4"] else "",
        "phone": shown["phone"],
    }
