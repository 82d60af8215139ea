"""The village doctor refers: one short page on the phone, sent in one go by the same writer as every other referral."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.idempotency import FORM_FIELD, location_once
from records.access import open_record
from referrals.actions.attaching import attach
from referrals.attachments import looked_at
from referrals.forms.village import VillageSheet
from referrals.models import Referral
from referrals.resolving import find_referral, patient_of
from referrals.rules import patient_fixed
from referrals.showing.houses import calls_for, houses_of
from referrals.standing import earlier_of, standing
from referrals.views.looking_up import chosen_patient
from referrals.views.writing import answer_autosave, unknown_of, version_of, whole, writable
from referrals.ways import Choice, Ways
from referrals.writing import Writer, Written, mode_of
from toolkit.pages.forms import asked, posted
from toolkit.refusals import Forbidden, Missing, Refusal, Refused, Stale

PAGES = ("referrals:village_edit", "referrals:village_autosave")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refer(request):
    """`?patient=P…` opens the sheet for that patient, `?green=1` as an emergency."""
    request.actor.require("referral.write")
    return _answer(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, number):
    """A draft, what was sent back for more, and the papers of an emergency. Downward there is more to write."""
    referral = writable(request, number)
    if referral.direction != "up":
        return redirect("referrals:edit", number=referral.number)
    return _answer(request, referral)


@require_POST
def autosave_new(request):
    request.actor.require("referral.write")
    return _autosaved(request)


@require_POST
def autosave(request, number):
    referral = writable(request, number)
    return _autosaved(request, referral) if referral.status == "draft" else answer_autosave(None, False, fresh=False)


@never_cache
@require_POST
def destination(request):
    """Where to, after the doctor has said how urgent it is, or has chosen another house."""
    request.actor.require("referral.write")
    green = request.POST.get("urgency") == "emergency"
    if request.headers.get("HX-Trigger") == "urgency":
        choice = Ways(request.actor).nearby(green=green)
    else:
        choice = _chosen(request, green, _being_written(request))
    context = _where(choice, green)
    return render(request, "referrals/village/_destination.html", context)


# --- what was sent ----------------------------------------------------------------------------------------------------


def _answer(request, referral=None):
    if request.method != "POST":
        return _page(request, _opened(request, referral), referral)
    sheet = VillageSheet(data=request.POST, files=request.FILES, referral=referral)
    try:
        sheet.read()
        photo = looked_at(request.actor, sheet.photo) if sheet.photo else None
        location = location_once(request, lambda: _act(request, sheet, referral, photo))
    except (Missing, Forbidden):
        raise
    except Refusal as refusal:
        sheet.show(refusal)
        fresh = find_referral(request.actor, referral.number, queryset=whole()) if referral else None
        return _page(request, sheet, fresh, stale=isinstance(refusal, Stale), status=refusal.status)
    messages.success(request, _("已发出。对方答复后会通知您。") if _sends(request, referral) else _("已保存。"))
    return redirect(location)


def _sends(request, referral) -> bool:
    return request.POST.get("act") == "submit" and mode_of(referral) != "completing"


def _act(request, sheet, referral, photo) -> str:
    writer = _writer(request, sheet, referral)

    def add(target):
        if photo:
            name = sheet.photo.name or ""
            attach(target, actor=request.actor, clean=photo, kind="photo", file_name=name)

    if _sends(request, referral):
        return reverse("referrals:village_journey", args=[writer.send(before=add).number])
    kept = writer.save()
    add(kept)
    done = writer.mode == "completing" and kept.completion_due is None
    return reverse("referrals:village_journey" if done else "referrals:village_edit", args=[kept.number])


def _autosaved(request, referral=None):
    sheet = VillageSheet(data=request.POST, referral=referral)
    try:
        sheet.read()
        draft, all_of_it = _writer(request, sheet, referral).autosave()
    except (Missing, Forbidden):
        raise
    except Refusal:
        return answer_autosave(None, False, fresh=False)
    return answer_autosave(draft, all_of_it, fresh=referral is None, pages=PAGES)


def _writer(request, sheet, referral) -> Writer:
    choice = _chosen(request, sheet.green, referral)
    written = Written(
        content=sheet.content(),
        consent=sheet.consent.facts(),
        patient=posted(request, "patient"),
        green=sheet.green,
        unknown=unknown_of(sheet.unknown),
        version=version_of(request.POST),
        **choice.codes(),
    )
    return Writer(request.actor, written, referral, key=request.POST.get(FORM_FIELD, ""))


def _chosen(request, green: bool, referral=None) -> Choice:
    """What was chosen on the page; what a draft says already stays, as long as neither house nor channel is changed."""
    wanted = posted(request, "receiver") or (referral.receiver.code if referral else "")
    choice = Ways(request.actor).nearby(receiver=wanted, green=green)
    if referral and wanted == referral.receiver.code and green == bool(referral.green_channel):
        return Choice(referral.direction, referral.receiver, referral.department, ways=choice.ways)
    return choice


def _being_written(request) -> Referral | None:
    number = posted(request, "number")
    rows = Referral.objects.visible_to(request.actor).select_related("receiver", "department")
    return rows.filter(number=number, status="draft").first() if number else None


# --- the page ---------------------------------------------------------------------------------------------------------


def _opened(request, referral) -> VillageSheet:
    job = request.membership
    phone = (referral and referral.caller_phone) or (job.contact_phone if job else "")
    sheet = VillageSheet(referral=referral, phone=phone)
    if referral is None and request.GET.get("green") == "1":
        sheet.form.initial["urgency"] = "emergency"
    return sheet


def _page(request, sheet, referral, *, stale=False, status=200):
    actor, mode = request.actor, mode_of(referral)
    sent_before = mode in ("returned", "completing")
    choice = _choice(request, referral, sheet.green, sent_before)
    patient = _patient(request, referral, sent_before)
    context = {
        "sheet": sheet,
        "referral": referral,
        "mode": mode,
        "sent_before": sent_before,
        "stale": stale,
        "patient": chosen_patient(actor, patient) if patient else None,
        "patient_fixed": bool(referral and patient_fixed(referral)),
        "patient_errors": sheet.patient_errors,
        "standing": None if sent_before or not patient else _standing(actor, patient, choice, sheet, referral),
        "question": referral.steps.filter(verb="return").order_by("-pk").first() if mode == "returned" else None,
        **_where(choice, sheet.green),
    }
    return render(request, "referrals/village/refer.html", context, status=status)


def _choice(request, referral, green: bool, sent_before: bool) -> Choice:
    if sent_before:
        return Choice(direction=referral.direction, receiver=referral.receiver, department=referral.department)
    return _chosen(request, green, referral)


def _where(choice: Choice, green: bool) -> dict:
    return {"choice": choice, "houses": houses_of(choice), "calls": calls_for(choice, green=green)}


def _patient(request, referral, sent_before: bool):
    """Whoever is written about; to open the sheet is to open his record."""
    if referral and (sent_before or request.method != "POST"):
        patient = referral.patient
    else:
        wanted = posted(request, "patient") if request.method == "POST" else asked(request, "patient")
        patient = _found(request.actor, wanted)
    if patient:
        open_record(request.actor, patient, purpose="write referral", route="village/refer")
    return patient


def _found(actor, wanted: str):
    try:
        return patient_of(actor, wanted) if wanted else None
    except Refused:
        return None


def _standing(actor, patient, choice, sheet, referral):
    where = {"department": choice.department, "direction": choice.direction}
    return standing(earlier_of(actor, patient), actor, patient, **where, emergency=sheet.green, but=referral)
