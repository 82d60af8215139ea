"""The demo's guide: who can be played, and whose turn it is in the referral on the page, or in the one last moved.

Only called when `settings.DEMO` is on; there every account is a demo account.
"""

from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from accounts.roles import DESK, is_doctor, permissions_of, role_names
from referrals.models import Referral, Step
from referrals.parties import is_in_turn
from referrals.stamps import hand_name
from toolkit.words import listed, phrased

from .navigation import address

# role → what it can do on the pages, and its picture; roles without pages of their own are not played
ABILITIES = {
    "doctor": (gettext_lazy("发起转诊，提出和答复转诊前咨询，接诊，写诊疗结论，签收转回的患者"), "stethoscope"),
    "family_doctor": (gettext_lazy("发起转诊，看我的病人到哪了，签收转回的患者并随访"), "home-heart"),
    "village_doctor": (gettext_lazy("用手机转诊，看病人到哪了，接回来的病人"), "device-mobile"),
    "desk": (gettext_lazy("接收或退回申请，安排号源床位，登记到诊"), "headset"),
    "consortium_administrator": (
        gettext_lazy("看全部转诊和超时，评审绿色通道，管理成员与关系，代电话成员办理"),
        "building-community",
    ),
    "institution_administrator": (gettext_lazy("管理科室、人员、值班、号源床位"), "settings"),
    "regulator": (gettext_lazy("看医联体的转诊统计，不看单个患者"), "chart-bar"),
    "security_auditor": (gettext_lazy("查谁看过患者、谁做了什么"), "list-search"),
}


@dataclass(frozen=True)
class Person:
    """An account to play: `can` says what for."""

    username: str
    name: str
    roles: str
    can: str
    icon: str


@dataclass(frozen=True)
class Place:
    """An institution with the people to play there."""

    name: str
    about: str
    people: list[Person]


@dataclass(frozen=True)
class Turn:
    """The next step of the tour. Without `number` nothing is under way; without `username` nobody need change."""

    what: str
    url: str | None
    number: str = ""
    place: str = ""
    person: str = ""
    username: str = ""
    mine: bool = False


def places() -> list[Place]:
    """The demo's people who have something to do, grouped by institution in the order of founding. One query."""
    jobs = (
        _demo_jobs().with_role(*ABILITIES).select_related("institution", "department").order_by("institution_id", "id")
    )
    return [
        Place(
            name=institution.name,
            about=institution.get_level_display(),
            people=[_person(job) for job in people],
        )
        for institution, people in groupby(jobs, key=lambda job: job.institution)
    ]


def _demo_jobs():
    """What can be played, in one query: demo accounts in a current job."""
    return Membership.objects.current().filter(user__is_demo=True).select_related("user")


def _person(job) -> Person:
    known = [ABILITIES[role] for role in ABILITIES if role in job.roles]
    return Person(
        username=job.user.username,
        name=" · ".join(filter(None, [job.user.name, job.department and job.department.name])),
        roles=listed(role_names(job.roles)),
        can=phrased(words for words, _icon in known),
        icon=known[0][1],
    )


def whose_turn(actor, viewed: Referral | None = None) -> Turn | None:
    """Whose turn it is in the referral on the page, else in the one a person last moved. Three queries at most.

    `viewed` comes with `hand_institution` and `hand_department` and then costs one query.
    """
    referral = viewed or _last_moved(actor)
    if referral is None:
        return _anew(_("还没有转诊，从卫生院医生发起一次上转开始"), actor)
    if viewed and not viewed.is_live:
        return _anew(_("这一单已经走完，可以再发起一次"), actor)
    if not referral.is_live:
        return _anew(_("上一次转诊已经走完，可以再发起一次"), actor)
    return _turn(referral, actor)


def _anew(what: str, actor) -> Turn:
    """A new referral, by whoever looks if he may write one, else by the demo's first doctor."""
    page = address("referrals:new")
    job = None if actor.may("referral.write") else _demo_jobs().with_role("doctor").order_by("id").first()
    if job is None:
        return Turn(what=what, url=page)
    return Turn(what=what, url=page, person=job.user.name, username=job.user.username)


def _last_moved(actor) -> Referral | None:
    last = Step.objects.filter(actor_kind="user").order_by("-id").values("referral")[:1]
    rows = Referral.objects.telling_turn_of(actor).select_related("hand_institution", "hand_department")
    return rows.filter(pk__in=last).first()


def _turn(referral, actor) -> Turn:
    mine = is_in_turn(referral, actor)
    job = None if mine else _next_person(referral)
    return Turn(
        number=referral.number,
        what=referral.get_status_display(),
        url=_moves_of(referral),
        place=hand_name(referral),
        person=job.user.name if job else "",
        username=job.user.username if job else "",
        mine=mine,
    )


def _moves_of(referral) -> str | None:
    """Where the next move is made."""
    page = address("referrals:detail", referral.number)
    return f"{page}#moves" if page else None


def _next_person(referral) -> Membership | None:
    """Somebody who may make the next move: first of the unit in whose hand it is, else of the house."""
    jobs = _demo_jobs().at(referral.hand_institution_id).order_by("id")
    able = [job for job in jobs if referral.hand_permission in permissions_of(job.roles)]
    if referral.hand_unit == DESK:
        able.sort(key=lambda job: DESK not in job.roles)
    else:
        there = {referral.hand_department_id: 0, None: 1}  # its own doctors, those of the whole house, the others
        able.sort(key=lambda job: (not is_doctor(job.roles), there.get(job.department_id, 2)))
    return able[0] if able else None
