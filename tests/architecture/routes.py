"""Every route with an id in its address, and whose object to ask it for. One line for a new route.

    "app:name": Route({"parameter": "object of the world"}, colleague="who of the house has not the role")

`closed` are the methods that are refused to the colleague; the others are for everybody of the house.
"""

from dataclasses import dataclass, field
from types import SimpleNamespace

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from advice.actions import ACTS as ADVICE_ACTS
from advice.actions import attach as enclose
from events.models import Errand, Event
from institutions.actions import set_calendar_day
from institutions.models import Member, Relation
from notifications.models import Delivery, InboxMessage, Robot
from referrals.actions import ACTS
from referrals.actions.attaching import attach
from referrals.actions.blanks import print_blanks
from tests import files
from tests.cast import SYSTEM, Cast
from tests.inquire import ask
from tests.walk import referral_at
from toolkit.uploads.child import judge

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
STRANGERS = ("outsider_doctor", "outsider_desk", "outsider_administrator", "outsider_office")


@dataclass(frozen=True)
class Route:
    ids: dict
    colleague: str = "pharmacist"
    neighbour: str = "tcm_doctor"
    closed: tuple = METHODS
    plain: dict = field(default_factory=dict)
    """Parameters that name no object: a verb, a code of a list."""


REFERRAL = {"number": "referral"}
ATTACHMENT = {"number": "referral", "ordinal": "attachment"}
INQUIRY = {"number": "inquiry"}
INQUIRY_FILE = {"number": "inquiry", "ordinal": "inquiry_file"}
ADMINISTRATORS = {"colleague": "cardiologist", "neighbour": "township_administrator"}
OFFICES = {"colleague": "core_administrator", "neighbour": "township_administrator"}
OWN = {"colleague": "core_administrator", "neighbour": "township_desk"}
"""What lies in one person's own hands does not exist for anybody else, whatever his role."""

ROUTES = {
    "api-institution-detail": Route({"code": "institution"}, closed=("PATCH",), **ADMINISTRATORS),
    "api-department-list": Route({"code": "institution"}, closed=("POST",), **ADMINISTRATORS),
    "api-department-detail": Route(
        {"code": "institution", "department": "department_code"}, closed=("PATCH",), **ADMINISTRATORS
    ),
    "api-patient-detail": Route({"id": "patient"}),
    "api-patient-reveal": Route({"id": "patient"}),
    "api-referral-detail": Route(REFERRAL),
    "api-referral-events": Route(REFERRAL),
    **{f"api-referral-{verb}": Route(REFERRAL) for verb in ACTS},
    "api-referral-review": Route(REFERRAL),
    "api-referral-unknown-move": Route(REFERRAL, plain={"verb": "fly"}),
    "referrals:detail": Route(REFERRAL),
    "referrals:outcome": Route(REFERRAL),
    "referrals:review": Route(REFERRAL),
    "referrals:edit": Route(REFERRAL, colleague="township_administrator"),
    "referrals:autosave": Route(REFERRAL, colleague="township_administrator"),
    "referrals:village_edit": Route(REFERRAL, colleague="township_administrator"),
    "referrals:village_autosave": Route(REFERRAL, colleague="township_administrator"),
    "referrals:village_journey": Route(REFERRAL),
    "referrals:slip": Route(REFERRAL),
    "referrals:consent": Route(REFERRAL, colleague="township_administrator"),
    "referrals:reveal": Route(REFERRAL),
    "referrals:identify": Route(REFERRAL),
    "referrals:move": Route(REFERRAL, plain={"verb": "comment"}),
    "api-attachment-list": Route(REFERRAL),
    "api-attachment-content": Route(ATTACHMENT),
    "api-attachment-withdraw": Route(ATTACHMENT),
    "referrals:attach": Route(REFERRAL),
    "referrals:attachment": Route(ATTACHMENT),
    "referrals:attachment_withdraw": Route(ATTACHMENT),
    "referrals:links_revoke": Route(REFERRAL),
    "referrals:links_messages": Route(REFERRAL),
    "referrals:blank_batch": Route({"batch": "blank_batch"}),
    "referrals:blank": Route({"number": "blank"}),
    "referrals:blank_reprint": Route({"number": "blank"}),
    "referrals:blank_spoil": Route({"number": "blank"}),
    "api-advice-detail": Route(INQUIRY),
    "api-advice-attach": Route(INQUIRY),
    "api-advice-attachment": Route(INQUIRY_FILE),
    "api-advice-unknown-move": Route(INQUIRY, plain={"verb": "fly"}),
    **{f"api-advice-{verb}": Route(INQUIRY) for verb in ADVICE_ACTS},
    "advice:detail": Route(INQUIRY),
    "advice:convert": Route(INQUIRY),
    "advice:act": Route(INQUIRY, plain={"verb": "answer"}),
    "advice:attach": Route(INQUIRY),
    "advice:attachment": Route(INQUIRY_FILE),
    "advice:attachment_withdraw": Route(INQUIRY_FILE),
    "accounts:member": Route({"pk": "membership"}, **ADMINISTRATORS),
    "accounts:person": Route({"pk": "membership"}, **ADMINISTRATORS),
    "accounts:member_password": Route({"pk": "membership"}, **ADMINISTRATORS),
    "accounts:member_leave": Route({"pk": "membership"}, **ADMINISTRATORS),
    "accounts:shift_remove": Route({"pk": "shift"}, **ADMINISTRATORS),
    "accounts:client": Route({"pk": "client"}, **ADMINISTRATORS),
    "accounts:client_revoke": Route({"pk": "client"}, **ADMINISTRATORS),
    "institutions:department": Route({"pk": "department"}, **ADMINISTRATORS),
    "institutions:department_opening": Route({"pk": "department"}, **ADMINISTRATORS),
    "institutions:day_clear": Route({"pk": "day"}, **ADMINISTRATORS),
    "institutions:relation": Route({"pk": "relation"}, **ADMINISTRATORS),
    "institutions:relation_switch": Route({"pk": "relation"}, **OFFICES),
    "institutions:member": Route({"pk": "member"}, **OFFICES),
    "institutions:member_end": Route({"pk": "member"}, **OFFICES),
    "notifications:read": Route({"pk": "message"}, **OWN),
    "notifications:open": Route({"pk": "message"}, **OWN),
    "notifications:resend": Route({"pk": "delivery"}, **ADMINISTRATORS),
    "notifications:robot": Route({"pk": "robot"}, **ADMINISTRATORS),
    "notifications:robot_last": Route({"pk": "robot"}, **ADMINISTRATORS),
    "notifications:robot_test": Route({"pk": "robot"}, **ADMINISTRATORS),
    "notifications:robot_switch": Route({"pk": "robot"}, **ADMINISTRATORS),
    "notifications:robot_remove": Route({"pk": "robot"}, **ADMINISTRATORS),
    "notifications:replay": Route({"pk": "errand"}, **OFFICES),
}

CODES_ONLY = {
    "referrals:limit": {"urgency": "urgent", "step": "respond"},
    "referrals:limit_reset": {"urgency": "urgent", "step": "respond"},
    "referrals:indication": {"code": "htn-urgent-pressure"},
}
"""Parameters from a list of codes: the object is the asker's own."""

BY_TOKEN = {
    f"referrals:{name}": {"token"}
    for name in (
        "patient", "patient_decline", "patient_come", "patient_rating", "patient_looked", "patient_messages",
        "patient_leave",
    )
}  # fmt: skip
"""The patient's own pages: whoever has the secret and answers the question, signed in or not. See test_patient_door."""

OPEN = {
    "healthz", "readyz", "metrics", "api-schema", "api-docs", "oauth2:token", "accounts:login", "accounts:demo_login",
    "referrals:watch", "referrals:watch_off",
    "accounts:language", "favicon", "referrals:guide",
}  # fmt: skip
"""Answer without anybody being signed in, or ask for credentials of their own."""


def routes() -> dict[str, set[str]]:
    """Name → parameters, of every route of the project."""
    return dict(_walk(get_resolver(), "", set()))


def _walk(resolver: URLResolver, namespace, parameters):
    for entry in resolver.url_patterns:
        found = parameters | set(entry.pattern.converters)
        if isinstance(entry, URLPattern):
            yield namespace + str(entry.name), found
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inner, found)


def build_world(cast: Cast) -> SimpleNamespace:
    """One real object for each id: a referral that waits for the township, and what is kept at the hospital."""
    house = cast.institutions.hospital
    referral = referral_at("returned", cast)
    inquiry, event = ask(cast), _event_of(referral)
    blank = print_blanks(actor=cast.actors.core_desk, count=1, direction="up")[0]
    return SimpleNamespace(
        referral=(referral.number, referral.version),
        attachment=(_attached(cast, referral).ordinal, 1),
        inquiry=(inquiry.number, inquiry.version),
        inquiry_file=(_enclosed(cast, inquiry).ordinal, 1),
        patient=(referral.patient.public_id, referral.patient.version),
        institution=(house.code, house.version),
        department=(cast.departments.cardiology.pk, 1),
        department_code=("cardiology", cast.departments.cardiology.version),
        blank=(blank.number, 1),
        blank_batch=(blank.batch, 1),
        membership=(cast.memberships.core_desk.pk, 1),
        shift=(cast.on_duty("core_desk", "desk").pk, 1),
        client=(cast.client(house.code).client.pk, 1),
        day=(_closed_day(house).pk, 1),
        relation=(Relation.objects.get(sender=house, receiver=cast.institutions.chengguan).pk, 1),
        member=(Member.objects.get(institution=house).pk, 1),
        message=(_message(cast, event).pk, 1),
        delivery=(_delivery(cast, event).pk, 1),
        robot=(_robot(house).pk, 1),
        errand=(_errand(event).pk, 1),
    )


def _attached(cast, referral):
    return attach(referral, actor=cast.actors.township_doctor, clean=judge(files.jpeg()), kind="photo")


def _enclosed(cast, inquiry):
    return enclose(inquiry, actor=cast.actors.township_doctor, clean=judge(files.jpeg()), kind="photo")


def _event_of(referral):
    return Event.objects.filter(subject=referral.event_ref).order_by("-pk").first()


def _closed_day(house):
    return set_calendar_day(actor=SYSTEM, institution=house, date=timezone.localdate(), working=False)


def _message(cast, event):
    user, house = cast.users.core_desk, cast.institutions.hospital
    return InboxMessage.objects.create(user=user, institution=house, event=event, notice="returned")


def _delivery(cast, event):
    user, house = cast.users.core_desk, cast.institutions.hospital
    return Delivery.objects.create(
        user=user, institution=house, event=event, notice="returned", channel="email", state="dead"
    )


def _robot(house):
    address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789"
    return Robot.objects.create(institution=house, kind="wecom", name="desk", address=address)


def _errand(event):
    return Errand.objects.create(event=event, reaction="test.lost", state=Errand.State.DEAD, next_at=timezone.now())
