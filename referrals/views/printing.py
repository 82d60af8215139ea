"""Paper: the slip in the national layout, the words to be signed, the record of a refusal. Each print is on record."""

from django.conf import settings
from django.db.models import FilteredRelation, Q
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from records.models import ConsentText
from referrals import presenting
from referrals.actions.links import issue_link
from referrals.models import Referral
from referrals.resolving import find_referral
from referrals.showing.slip import diagnoses_words, person_of, return_slip_of, slip_of
from toolkit.refusals import Forbidden, Missing, Refused


@never_cache
@require_safe
def slip(request, number):
    """`?form=return`: the letter back made of the return summary."""
    referral = _opened(request, number, purpose="print slip", route="GET referrals/{number}/slip")
    summary = _summary_of(referral)
    returning = request.GET.get("form") == "return"
    if returning and summary is None:
        raise Missing(_("还没有回传诊疗小结，不能打印回转单。"))
    address = _patients_link(request, referral)
    context = {
        "referral": referral,
        "patient_page": address if settings.DEMO else "",  # nobody has to scan his own screen to try it
        "slip": (return_slip_of if returning else slip_of)(referral, request.actor, address),
        "has_return": summary is not None,
        "returning": returning,
        "writable": _is_writable(referral, request.actor),
    }
    return render(request, "referrals/slip.html", context)


@never_cache
@require_safe
def consent(request, number):
    """The consent to be signed before sending; `?form=refusal` the record that the patient refuses."""
    referral = _opened(request, number, purpose="print consent", route="GET referrals/{number}/consent")
    given = referral.consent
    refusal = request.GET.get("form") == "refusal" or bool(given and given.refused and "form" not in request.GET)
    text = given.text if given and not given.refused else ConsentText.objects.current()
    if text is None:
        raise Refused(_("还没有生效的知情同意书文本，请联系平台管理员。"))
    names = {
        "sender": referral.sender.name,
        "receiver": referral.receiver.name,
        "contact": referral.receiver.desk_phone or referral.receiver.duty_phone,
    }
    title, body = text.words(get_language(), **names)
    context = {
        "referral": referral,
        "given": given,
        "refusal": refusal,
        "title": title,
        "paragraphs": [line for line in body.splitlines() if line.strip()],
        "version": text.version,
        "patient": person_of(referral, request.actor),
        "diagnoses": diagnoses_words(referral.diagnoses),
        "writable": _is_writable(referral, request.actor),
    }
    return render(request, "referrals/consent.html", context)


def _patients_link(request, referral) -> str:
    """Each paper has its own, so that none has to be kept; asking for the head alone prints nothing."""
    return issue_link(referral, actor=request.actor, made_for="slip") if request.method == "GET" else ""


def _opened(request, number, *, purpose, route) -> Referral:
    referral = find_referral(request.actor, number, queryset=_whole())
    if not presenting.open_for(referral, request.actor, purpose=purpose, route=route):
        raise Forbidden(_("只有转诊双方、并且有查看患者信息权限的人员可以打印。"))
    return referral


def _whole():
    return (
        Referral.objects.with_parties()
        .annotate(held=FilteredRelation("bookings", condition=Q(bookings__given_back_at=None)))
        .select_related("held__capacity", "summary", "consent__text", "patient__person")
        .prefetch_related("patient__identifiers")
    )


def _summary_of(referral):
    summary = getattr(referral, "summary", None)
    return summary if summary and not summary.withdrawn_at else None


def _is_writable(referral, actor) -> bool:
    own = actor.institution_id == referral.sender_id and actor.may("referral.write")
    return own and referral.status in ("draft", "returned")
