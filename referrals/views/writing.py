"""Writing a referral on one screen: new, edited, completed afterwards; saved by itself while it is a draft."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.idempotency import FORM_FIELD, location_once
from records.codes import Sex
from referrals.actions.drafts import check_writable
from referrals.forms.writing import Sheet
from referrals.models import BlankSlip, Referral
from referrals.resolving import find_referral
from referrals.views.sheet import SheetPage, paper_of
from referrals.writing import Writer, Written
from toolkit.identifiers import half_width
from toolkit.pages.forms import posted
from toolkit.refusals import Forbidden, Missing, Refusal, Stale


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """`?green=1` opens the green channel at once, `?patient=P…` a sheet for that patient."""
    request.actor.require("referral.write")
    return _answer(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, number):
    """Drafts, what the receiver sent back, and the papers of the green channel (补录)."""
    return _answer(request, writable(request, number))


@require_POST
def autosave_new(request):
    """The first autosave of a new sheet makes the draft; from then on the page is that draft's."""
    request.actor.require("referral.write")
    return _autosaved(request)


@require_POST
def autosave(request, number):
    referral = writable(request, number)
    if referral.status != "draft":
        return JsonResponse({"kept": False})
    return _autosaved(request, referral)


def writable(request, number) -> Referral:
    referral = find_referral(request.actor, number, queryset=whole())
    check_writable(referral, request.actor)
    return referral


def whole():
    """With its paper, and whether the house has any that waits to be entered."""
    waiting = BlankSlip.objects.unused().filter(institution_id=OuterRef("sender_id"))
    rows = Referral.objects.with_parties().select_related("consent", "patient__person", "parent", "blank")
    return rows.annotate(paper_waits=Exists(waiting))


# --- what was sent ----------------------------------------------------------------------------------------------------


def _answer(request, referral=None):
    if request.method != "POST":
        return SheetPage(request, referral).render()
    sheet, number = Sheet(data=request.POST, blank=paper_of(referral)), referral and referral.number
    act = request.POST.get("act", "save")
    try:
        sheet.read()
        location = location_once(request, lambda: _act(request, sheet, act, referral))
    except (Missing, Forbidden):
        raise
    except Refusal as refusal:
        sheet.show(refusal)
        fresh = find_referral(request.actor, number, queryset=whole()) if number else None
        return SheetPage(request, fresh, sheet, stale=isinstance(refusal, Stale)).render(status=refusal.status)
    messages.success(request, _said(act, location))
    return redirect(location)


def _act(request, sheet, act: str, referral) -> str:
    writer = _writer(request, sheet, referral)
    if act == "submit" and writer.mode != "completing":
        referral = writer.send()
        return reverse("referrals:detail", args=[referral.number])
    completing = writer.mode == "completing"
    referral = writer.save()
    if act in ("slip", "consent", "attach"):
        return reverse(f"referrals:{act}", args=[referral.number])
    if referral.consent and referral.consent.refused and sheet.consent.facts():
        return reverse("referrals:consent", args=[referral.number])
    done = completing and referral.completion_due is None
    return reverse("referrals:detail" if done else "referrals:edit", args=[referral.number])


def _said(act: str, location: str) -> str:
    if act == "submit":
        return _("已提交。接收方答复后会通知您。")
    if location.endswith("/edit/"):
        return _("已保存，可以以后继续填写。")
    return _("已保存。")


def _autosaved(request, referral=None):
    sheet = Sheet(data=request.POST)
    try:
        sheet.read()
        draft, all_of_it = _writer(request, sheet, referral).autosave()
    except (Missing, Forbidden):
        raise
    except Refusal:
        return JsonResponse({"kept": False})
    return answer_autosave(draft, all_of_it, fresh=referral is None)


def answer_autosave(draft, all_of_it: bool, *, fresh: bool, pages=("referrals:edit", "referrals:autosave")):
    """What js/draft.js is told: `pages` are where a `fresh` draft is edited and saved from now on."""
    if draft is None:
        return JsonResponse({"kept": False})
    edit_page, saving = (reverse(page, args=[draft.number]) for page in pages)
    name = f"referral-{draft.number}"
    page = {"page": edit_page, "action": edit_page, "url": saving, "draft": name} if fresh else {}
    return JsonResponse({"version": draft.version, "kept": all_of_it, **page})


def _writer(request, sheet, referral) -> Writer:
    given = request.POST
    content = sheet.content()
    ends = {name: posted(request, name) for name in ("direction", "receiver", "department")}
    written = Written(
        content=content,
        consent=sheet.consent.facts(),
        paper=sheet.paper.entry(),
        patient=posted(request, "patient"),
        green=bool(content["green_channel"]) or given.get("channel") == "green",
        unknown=unknown_of(sheet.unknown),
        version=version_of(given),
        **ends,
    )
    return Writer(request.actor, written, referral, key=given.get(FORM_FIELD, ""))


def version_of(given) -> int | None:
    """The version the page showed, as far as it is one."""
    version = given.get("version", "")
    return int(version[:18]) if version.isascii() and version.isdecimal() else None


def unknown_of(form) -> dict | None:
    """What is seen of somebody nobody knows, as `Written` takes it."""
    if not form.given:
        return None
    age = half_width(form.cleaned_data["age"])
    return {
        "sex": form.cleaned_data["sex"] or Sex.UNKNOWN.value,
        "estimated_age": int(age) if age.isascii() and age.isdecimal() and len(age) < 4 else None,
    }
