"""Step zero of a referral: who is it? Asked by POST, so that nothing of it stands in an address.

Parts of the writing page, put in place by htmx: results, the chosen patient, the inline registration, the
destination with what already runs there.
"""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.throttling import hold_back
from institutions.models import Department
from records.access import open_record
from records.actions import register_patient
from records.codes import InsuranceKind, Sex
from records.forms import PatientForm
from records.search import find, looks_like_number, note_numbers
from referrals.known import known_of
from referrals.models import Referral
from referrals.resolving import patient_of
from referrals.showing.houses import calls_for
from referrals.showing.suggestions import shown_for
from referrals.standing import earlier_of, standing
from referrals.ways import Ways
from toolkit.pages.forms import posted
from toolkit.refusals import Conflict, Refusal, Refused

LEAST_LETTERS = 1
PERSON = "person"


@never_cache
@require_POST
def search(request):
    """Visible persons by name, pinyin or initials; by number only the exact one. Masked, no access entry."""
    _require_writer(request)
    text = request.POST.get("q", "").replace("\0", "").strip()[:60]
    if looks_like_number(text):
        hold_back("look_up", request.actor)
    found = find(request.actor, text, route="POST referrals/new/patients") if len(text) >= LEAST_LETTERS else None
    rows = [(row, sex_label(row.sex)) for row in found.rows] if found else []
    context = {"text": text, "rows": rows, "elsewhere": found.elsewhere if found else None}
    if context["elsewhere"]:
        context["elsewhere_sex"] = sex_label(found.elsewhere.sex)
    return render(request, "referrals/_patient_results.html", context)


@never_cache
@require_POST
def choose(request):
    """The chosen patient with what already runs for him; without one, the search again."""
    _require_writer(request)
    wanted = posted(request, "patient")
    if not wanted:
        return render(request, "referrals/_patient_search.html", {"focus": True})
    try:
        patient = patient_of(request.actor, wanted)
    except Refused as refusal:
        return render(request, "referrals/_patient_search.html", {"patient_errors": [refusal.detail]})
    return _chosen(request, patient)


@never_cache
@require_POST
def register(request):
    """Register somebody new without leaving the sheet; a known number finds the one who is registered."""
    _require_writer(request)
    request.actor.require("patient.write")
    if request.POST.get("open"):
        return _registration(request, PatientForm(prefix=PERSON, initial=_begun(request.POST.get("q", ""))))
    form = PatientForm(request.POST, prefix=PERSON)
    if not form.is_valid():
        return _registration(request, form)
    hold_back("look_up", request.actor)
    data = form.patient_data()
    try:
        patient, outcome = register_patient(actor=request.actor, data=data)
    except Refusal as refusal:
        if isinstance(refusal, Conflict):
            note_numbers(request.actor, data.identifiers, route="POST referrals/new/patients/register")
        form.show(refusal)
        return _registration(request, form)
    return _chosen(request, patient, outcome=outcome)


@never_cache
@require_POST
def destinations(request):
    """Receiver and department for what was chosen so far, and what already runs there."""
    _require_writer(request)
    given = {name: posted(request, name) for name in ("direction", "receiver", "department", "specialty")}
    green = _is_green(request)
    choice = Ways(request.actor).choose(**given, green=green)
    context = {"choice": choice, "calls": calls_for(choice, green=green), "swapped": True}
    context |= _standing_context(request, choice.department, choice.direction)
    return render(request, "referrals/_destination.html", context)


@never_cache
@require_POST
def suggestions(request):
    """Who could take the patient for a specialty, with the figures of each."""
    _require_writer(request)
    asked = {name: posted(request, name) for name in ("direction", "specialty", "kind", "urgency")}
    return render(request, "referrals/_suggestions.html", {"suggestions": shown_for(Ways(request.actor), **asked)})


@never_cache
@require_POST
def what_runs(request):
    """What already runs for the chosen patient in the chosen department."""
    _require_writer(request)
    direction = posted(request, "direction")
    return render(request, "referrals/_standing.html", _standing_context(request, _department(request), direction))


def chosen_patient(actor, patient) -> dict:
    """The four facts by which a patient is confirmed, and the telephone. For a page that has opened the record."""
    shown = patient.shown_to(actor, "party", numbers=False)
    return shown | {
        "sex_label": sex_label(patient.sex),
        "institution": patient.institution.label,
        "own": patient.institution_id == actor.institution_id,
        "insurance": str(InsuranceKind(patient.insurance_kind).label) if patient.insurance_kind else "",
        "minor": patient.age is not None and patient.age < 18,
    }


def sex_label(sex: str) -> str:
    return str(Sex(sex).label)


def _chosen(request, patient, outcome=""):
    """Choosing opens the record: it is shown in full and its history goes into the sheet."""
    open_record(request.actor, patient, purpose="write referral", route="POST referrals/new/patients")
    earlier = earlier_of(request.actor, patient)
    known = known_of(earlier, request.actor, patient)
    context = {
        "patient": chosen_patient(request.actor, patient),
        "prefill": known.content,
        "source": known.source,
        "outcome": outcome,
    }
    department = _department(request)
    context["standing"] = _standing(request, patient, department, posted(request, "direction"), earlier)
    return render(request, "referrals/_patient_chosen.html", context)


def _registration(request, form):
    for bound in form:
        bound.field.widget.attrs["data-draft-skip"] = ""
    return render(request, "referrals/_patient_register.html", {"form": form})


def _begun(text: str) -> dict:
    """What was searched for begins the registration."""
    text = text.strip()[:60]
    if looks_like_number(text):
        return {"number": text}
    return {} if text.isascii() else {"name": text}


def _standing_context(request, department, direction) -> dict:
    wanted = posted(request, "patient")
    if not wanted:
        return {}
    try:
        patient = patient_of(request.actor, wanted)
    except Refused:
        return {}
    found = _standing(request, patient, department, direction, earlier_of(request.actor, patient))
    if found.runs:
        open_record(request.actor, patient, purpose="what runs", route="POST referrals/new/standing")
    return {"standing": found}


def _standing(request, patient, department, direction, earlier):
    return standing(
        earlier,
        request.actor,
        patient,
        department=department,
        direction=direction,
        emergency=_is_green(request) or request.POST.get("urgency") == "emergency",
        but=_being_written(request),
    )


def _being_written(request) -> Referral | None:
    number = posted(request, "number")
    return Referral.objects.visible_to(request.actor).filter(number=number).first() if number else None


def _department(request) -> Department | None:
    rows = Department.objects.visible_to(request.actor).receiving()
    codes = {"code": posted(request, "department"), "institution__code": posted(request, "receiver")}
    return rows.filter(**codes).first() if all(codes.values()) else None


def _is_green(request) -> bool:
    return bool(request.POST.get("green_channel")) or request.POST.get("channel") == "green"


def _require_writer(request) -> None:
    request.actor.require("referral.write")
    request.actor.require("patient.read")
