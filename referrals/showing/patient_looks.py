"""谁看过我的资料: who opened the patient's registration for this journey, in words for the patient.

Only looks of the houses that have part in it: that somebody elsewhere knows him may itself say more than the page's
question has proved. No person is named, as on the slip no one who looked is; the house answers for its people.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from accounts.models import Membership
from accounts.roles import role_names
from events.models import AccessEntry
from institutions.models import Institution
from referrals.models import Referral
from referrals.workflow import LIFE
from toolkit.keyset import Page, page
from toolkit.words import listed

PER_PAGE = 20
NEWEST_FIRST = ("-id",)
LEG = ("sender_id", "receiver_id", "patient_id", "created_at", "sender_department_id", "department_id")

PURPOSES = {
    "referral": noop("查看您的转诊"),
    "write referral": noop("为您办理转诊"),
    "what runs": noop("核对您是否已有转诊"),
    "print slip": noop("打印转诊单"),
    "print consent": noop("打印知情同意书"),
    "timeline": noop("查看转诊经过"),
    "attachment": noop("查看附件"),
    "read": noop("查看您的登记信息"),
    "identify": noop("核对您的身份"),
    "change": noop("更正您的登记信息"),
    "register": noop("登记您的信息"),
    "exact number": noop("按证件号查找您的登记"),
    "outcome": noop("了解这次转诊的结果"),
    "inquiry": noop("医生之间为您咨询"),
    "reveal": noop("查看完整信息（已写明理由）"),
}
"""Who reveals writes a reason of his own behind the word: it is kept for the auditor and may speak of an illness."""
OTHERWISE = noop("查看您的资料")


@dataclass(frozen=True)
class Look:
    """One line: when, which house, who there by role and department, what for."""

    at: datetime
    house: str
    who: str
    purpose: str


def looks_at(referral, cursor: str | None) -> tuple[Page, list[Look]]:
    """One page of who looked, newest first. Five queries whatever its length."""
    journey = Referral.objects.filter(journey=referral.journey, patient__person_id=referral.patient.person_id)
    journey = list(journey.values_list(*LEG))
    houses = {house for row in journey for house in row[:2]}
    entries = AccessEntry.objects.filter(
        patient_id__in={row[2] for row in journey},
        institution_id__in=houses,
        recorded_at__gte=min(row[3] for row in journey),
    )
    found = page(entries, order=NEWEST_FIRST, cursor=cursor, limit=PER_PAGE)
    departments = {department for row in journey for department in row[4:]}
    names, jobs = Institution.objects.in_bulk(houses), _jobs(found.results, departments)
    lines = [
        Look(
            at=row.recorded_at,
            house=names[row.institution_id].label,
            who=_("医院信息系统") if row.actor_kind == "client" else jobs.get((row.user_id, row.institution_id), ""),
            purpose=_purpose(row.purpose),
        )
        for row in found.results
    ]
    return found, lines


def _jobs(rows, departments: set) -> dict:
    """(user, house) → roles there, of many rows at once; the department too, if it is one of these.

    Another's name (oncology, psychiatry) may say more of the patient than the question proved.
    """
    people, houses = {row.user_id for row in rows if row.user_id}, {row.institution_id for row in rows}
    jobs = Membership.objects.filter(user_id__in=people, institution_id__in=houses).select_related("department")
    return {(job.user_id, job.institution_id): _job_words(job, departments) for job in jobs.order_by("pk")}


def _job_words(job, departments: set) -> str:
    department = job.department.name if job.department and job.department_id in departments else ""
    return " ".join(filter(None, [department, listed(role_names(job.roles))]))


def _purpose(purpose: str) -> str:
    if purpose in LIFE.moves:
        return str(LIFE.moves[purpose].label)
    return _(PURPOSES.get("reveal" if purpose.startswith("reveal ") else purpose, OTHERWISE))
