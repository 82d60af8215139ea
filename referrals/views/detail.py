"""One referral: the letter, whose turn it is, what I may do, and how it came here."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.throttling import hold_back
from records.access import may_identify
from records.actions import reveal as reveal_patient
from referrals import origins
from referrals.actions.reviewing import why_not_reviewed
from referrals.beside import is_reviewable
from referrals.forms.revealing import RevealForm
from referrals.parties import is_party, may_read
from referrals.presenting import named_to, open_for
from referrals.proposing import indications_of
from referrals.resolving import find_referral
from referrals.showing import way
from referrals.showing.hands import hand_of
from referrals.showing.houses import calls_of, closed_words
from referrals.showing.indications import shown
from referrals.showing.moves import moves_of
from referrals.showing.patient_side import patient_side_of
from referrals.showing.patients import card_of, revealed_words
from referrals.showing.rows import priority_words
from referrals.showing.sheet import consent_words, medication_rows, sheet_of
from referrals.showing.story import story_of
from referrals.showing.times import strip_of
from referrals.views.attachments import card_of_files
from referrals.views.loading import for_page
from toolkit.pages.rendering import is_fragment
from toolkit.refusals import Forbidden, Refused


@never_cache
@require_safe
def detail(request, number):
    """The page of a referral. Writes one access entry where the record is open to the reader."""
    referral = find_referral(request.actor, number, queryset=for_page())
    request.viewed_referral = referral
    opened = open_for(referral, request.actor, purpose="referral", route="GET /referrals/{number}/")
    steps = list(referral.steps.select_related("institution").order_by("id"))
    context = {
        "referral": referral,
        "opened": opened,
        "hand": hand_of(referral, request.actor),
        "priority": priority_words(referral),
        "stages": way.stages_of(referral, steps),
        "journey": way.journey_of(referral, request.actor),
        "moves": moves_of(referral, request.actor),
        "story": story_of(referral, steps, opened=opened, named=named_to(request.actor, steps)),
        "patient": card_of(referral, request.actor, opened=opened),
        "may_identify": opened and may_name(referral, request.actor),
        "calls": calls_of(referral, request.actor),
        "contacts": contacts_of(referral, request.actor),
        "may_write": may_write(referral, request.actor),
        "may_refer_again": opened and may_refer_again(referral, request.actor),
        "booking": getattr(referral, "held", None),
        "strip": strip_of(referral),
        "origin": origins.origin_of(referral, request.actor),
        **_review(referral, request.actor),
    }
    if opened:
        context |= _written(referral) | {"reveal_form": _reveal_form(request)}
        context |= card_of_files(referral, request.actor, steps) | patient_side_of(referral, request.actor)
        if referral.is_live:  # a number to call, not only to read
            context["patient_phone"] = context["patient"].pop("phone")
    return render(request, "referrals/detail.html", context)


def _written(referral) -> dict:
    summary = getattr(referral, "summary", None)
    summary = summary if summary and not summary.withdrawn_at else None
    return {
        "sheet": sheet_of(referral),
        "indications": shown(indications_of(referral)),
        "consent": consent_words(referral.consent),
        "summary": summary,
        "summary_medications": medication_rows(summary.medications) if summary else [],
    }


def _review(referral, actor) -> dict:
    """What the office found, for both sides; for the office the way to its review. One query at most."""
    if not is_reviewable(referral):
        return {}
    reviews = list(referral.green_reviews.select_related("institution").order_by("-version"))
    return {"reviews": reviews, "may_review": why_not_reviewed(referral, actor) is None}


def _reveal_form(request):
    return RevealForm() if request.actor.may("patient.reveal") else None


def may_write(referral, actor) -> bool:
    """Whether the words of the referral are still open to this actor."""
    if actor.institution_id != referral.sender_id or not actor.may("referral.write"):
        return False
    return referral.status in ("draft", "returned") or bool(referral.completion_due)


def may_name(referral, actor) -> bool:
    """Whether this actor may say who the unknown patient is: either party; asked where he is unknown only."""
    return referral.patient.unknown and actor.may("patient.write") and may_identify(actor, referral.patient)


def may_refer_again(referral, actor) -> bool:
    """When the patient is back with whoever follows up, what is found may need a new referral."""
    over = referral.status in ("following_up", "closed", "settled")
    return over and is_party(referral, actor) and actor.may("referral.write")


def contacts_of(referral, actor) -> list[dict]:
    """Whom to call on both sides; when the receiver is at work again, where its answer is awaited."""
    sender, receiver = referral.sender, referral.receiver
    return [
        {
            "side": _("转出方"),
            "name": sender.name,
            "department": " ".join(filter(None, [str(referral.sender_department or ""), referral.author_name])),
            "lines": _numbers(
                (_("转诊医生"), referral.author_phone),
                (_("双向转诊服务台"), sender.desk_phone),
                (_("总值班"), sender.duty_phone),
            ),
        },
        {
            "side": _("接收方"),
            "name": receiver.name,
            "department": referral.department.name,
            "lines": _numbers(
                (_("科室"), referral.department.phone),
                (_("双向转诊服务台"), receiver.desk_phone),
                (_("总值班"), receiver.duty_phone),
            ),
            "note": _when_back(referral, actor),
        },
    ]


def _numbers(*lines) -> list[tuple[str, str]]:
    return [line for line in lines if line[1]] or list(lines[1:2])


def _when_back(referral, actor) -> str:
    """Outside working hours the waiting sender reads when the receiver opens again."""
    waiting = referral.hand_side == "receiver" and actor.institution_id == referral.sender_id
    if not waiting or referral.is_emergency or referral.by_phone:
        return ""
    return closed_words(referral.receiver)


@never_cache
@require_POST
def reveal(request, number):
    """The patient's full data for somebody who says why; one access entry with the reason."""
    referral = find_referral(request.actor, number, queryset=for_page())
    request.viewed_referral = referral
    form, values = RevealForm(request.POST), None
    if not may_read(referral, request.actor):
        raise Forbidden(_("只有转诊双方可以查看患者完整信息；已撤回、转他院或作废的转诊只有转出方可以查看。"))
    hold_back("reveal", request.actor)
    try:
        values = reveal_patient(
            actor=request.actor,
            patient=referral.patient,
            fields=request.POST.getlist("fields"),
            reason=request.POST.get("reason", ""),
            route="POST /referrals/{number}/reveal/",
        )
    except Refused as refused:
        form.take(refused)
    context = {"referral": referral, "reveal_form": form, "revealed": values and revealed_words(values)}
    template = "referrals/parts/revealed.html" if is_fragment(request) else "referrals/revealed.html"
    response = render(request, template, context, status=200 if values else 422)
    response["HX-Retarget"] = "#reveal"
    return response
