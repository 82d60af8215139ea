"""What a form proposes before anything is typed."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from referrals.actions.concluding import later_of
from referrals.actions.places import default_place
from referrals.parties import speaks_for_receiver

SURGICAL = frozenset(
    {
        "general_surgery", "orthopaedics", "neurosurgery", "urology", "thoracic_surgery", "cardiac_surgery",
        "plastic_surgery", "burns", "gynaecology", "obstetrics", "paediatric_surgery",
    }
)  # fmt: skip

CHRONIC = ("I10", "I11", "I12", "I13", "I15", "I20", "I25", "I69", "E10", "E11", "E12", "E13", "E14", "J44")
"""ICD-10: hypertension, coronary heart disease, sequelae of stroke, diabetes, COPD (慢病分级诊疗, domain facts §4)."""


def proposed(verb: str, referral, actor) -> dict:
    """Initial values of a move's form."""
    if verb == "arrive":
        return _arrival(referral, actor)
    make = _MAKERS.get(verb)
    return make(referral) if make else {}


def follow_up_day(referral):
    """What the summary asks for, else 3 days after an operation, 14 for an urgent chronic case, 7 for others."""
    today = timezone.localdate()
    wanted = getattr(referral, "summary", None) and referral.summary.follow_up_on
    if wanted:
        return max(wanted, today)
    if (referral.kind == "inpatient" or referral.discharged_at) and referral.specialty in SURGICAL:
        return today + timedelta(days=3)
    return today + timedelta(days=14 if referral.urgency == "urgent" and _is_chronic(referral) else 7)


def _is_chronic(referral) -> bool:
    return any(each.get("code", "").startswith(CHRONIC) for each in referral.diagnoses)


def _booking(referral) -> dict:
    held = getattr(referral, "held", None)
    if held:
        return {"slot": "", "at": held.at, "place": held.place, "bring": held.bring}
    return {"place": default_place(referral), "bring": _("身份证、医保卡、既往病历和检查资料")}


def _arrival(referral, actor) -> dict:
    """Who registers it has usually received him; who writes down a telephone call has not."""
    return {} if speaks_for_receiver(referral, actor) else {"received_by": actor.name}


def _refer_back(referral) -> dict:
    department = referral.sender_department
    return {"receiver": referral.sender.code, "department": department.code if department else ""}


def _settlement(referral) -> dict:
    """Whoever has written one other letter for the patient since has most likely come to say so."""
    return {"outcome": "re_referred"} if len(later_of(referral)) == 1 else {}


def _now():
    return timezone.localtime().replace(second=0, microsecond=0)


_MAKERS = {
    "accept": _booking,
    "schedule": _booking,
    "refer_back": _refer_back,
    "discharge": lambda referral: {"discharged_at": referral.discharged_at},
    "conclude": lambda referral: {"ended_at": referral.discharged_at},
    "acknowledge": lambda referral: {"follow_up_on": follow_up_day(referral)},
    "settle": _settlement,
    "record_death": lambda referral: {"died_at": _now()},
}
