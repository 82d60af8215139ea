"""Asking on one screen."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.idempotency import location_once
from advice import actions
from advice.codes import URGENCIES
from advice.forms import NAMED, NAMELESS, QuestionForm, SignatureForm
from advice.resolving import asked_of
from advice.stamps import STEP
from institutions.models import Consortium, Department
from records.access import open_record
from referrals.actions.limiting import limits_of, unit_words
from referrals.resolving import patient_of
from referrals.views.looking_up import chosen_patient
from referrals.ways import Ways
from toolkit.pages.forms import asked, posted
from toolkit.refusals import Refused
from toolkit.words import listed


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """`?patient=P…` opens it for that patient."""
    request.actor.require("advice.ask")
    departments = departments_for(request.actor)
    given = [request.POST] if request.method == "POST" else []
    form = QuestionForm(*given, departments=departments, initial={"about": NAMED})
    signature = SignatureForm(*given)
    if given and signature.is_valid() and form.attempt(lambda data: _ask(request, form, signature)):
        messages.success(request, _("咨询已发出，答复后会通知您。现在可以添加附件。"))
        return redirect(form.result)
    status = form.status if not given or signature.is_valid() else 422
    return render(request, "advice/new.html", _context(request, form, signature), status=status)


def _ask(request, form, signature) -> str:
    def act() -> str:
        house, _slash, department = form.cleaned_data["department"].partition("/")
        where = asked_of(request.actor, house, department)
        about = {} if form.nameless else {"patient": _patient(request), "consent": signature.facts()}
        inquiry = actions.ask(actor=request.actor, **where, **about, **form.content())
        return reverse("advice:detail", args=[inquiry.number])

    return location_once(request, act)


def _patient(request):
    wanted = posted(request, "patient")
    if not wanted:
        raise Refused.of("/patient", "required", _("请先查找并选择患者；不写明患者的，请选“不具名”。"))
    return patient_of(request.actor, wanted)


def _context(request, form, signature) -> dict:
    wanted = posted(request, "patient") if request.method == "POST" else asked(request, "patient")
    patient = None
    if wanted and form["about"].value() != NAMELESS:
        try:
            patient = patient_of(request.actor, wanted)
        except Refused:
            patient = None
    if patient:
        open_record(request.actor, patient, purpose="inquiry", route="advice/new")
    return {
        "form": form,
        "consent": signature,
        "patient": chosen_patient(request.actor, patient) if patient else None,
        "limits": limits_for(request.actor),
    }


def limits_for(actor) -> list[dict]:
    """How long an answer may take, in words, in each of the actor's consortia; one line where all agree."""
    found = {}
    for consortium in Consortium.objects.visible_to(actor).order_by("pk").prefetch_related("time_limits"):
        held = limits_of(consortium)
        words = tuple(unit_words(held[urgency, STEP][0]) for urgency in URGENCIES)
        found.setdefault(words, []).append(consortium.name)
    return [{"consortium": listed(names), **dict(zip(URGENCIES, words, strict=True))} for words, names in found.items()]


def departments_for(actor) -> list[tuple]:
    """Where this actor may ask, by house as `Ways` puts them, the nearest above first: two queries."""
    houses = {}
    for way in Ways(actor).all:
        if way.receiver.handles_on != "phone":
            houses.setdefault(way.receiver.pk, way.receiver)
    rooms = {}
    for room in Department.objects.receiving().filter(institution__in=houses).order_by("name", "pk"):
        rooms.setdefault(room.institution_id, []).append(room)
    return [
        (house.label, [(f"{house.code}/{room.code}", room.name) for room in rooms[pk]])
        for pk, house in houses.items()
        if pk in rooms
    ]
