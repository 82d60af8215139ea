"""Deliveries to whoever has no account: patients and groups. Addresses are asked for here and kept nowhere."""

from django.conf import settings
from django.utils import timezone, translation

from events import notices
from events.actor import Actor
from institutions.models import Member
from notifications import robots, sms
from notifications.hours import Hours, patients_rest
from notifications.models import Delivery, Robot
from notifications.sending import NotYet
from notifications.wording import content_of

Why = Delivery.Why
CHANNELS = {"patient": Delivery.Channel.SMS, "robot": Delivery.Channel.ROBOT}
"""Of an audience without accounts, by its unit."""


def make(delivery) -> str:
    """Send it, unless something speaks against it now; answers why not, or ""."""
    notice = notices.find(delivery.event.name, delivery.notice)
    if notice is None:
        return Why.NO_WORDS
    return (_to_robot if delivery.channel == Delivery.Channel.ROBOT else _to_patient)(delivery, notice)


def _to_patient(delivery, notice) -> str:
    event = delivery.event
    if notice.text is None:
        return Why.NO_WORDS
    if not sms.is_on():
        return Why.NO_SMS
    wait_out(patients_rest(), notice.is_urgent(event))
    recipient = notices.recipient(delivery.recipient, event)
    phone = sms.mobile(recipient.phone) if recipient else ""
    if not phone:
        return Why.NO_MOBILE
    with translation.override(recipient.language):
        sms.send(sms.Sms(str(delivery.message_id), phone, notice.text(event), again=delivery.attempts > 1))
    return ""


def _to_robot(delivery, notice) -> str:
    robot = robot_of(delivery)
    if robot is None or not robot.active:
        return Why.NO_ROBOT
    if not notices.visible(delivery.event.subject, _house(robot)):
        return Why.NOT_VISIBLE
    urgent = notice.is_urgent(delivery.event)
    wait_out(robot.quiet, urgent)
    with translation.override(settings.LANGUAGE_CODE):
        robots.send(robot, content_of(delivery), urgent=urgent)
    return ""


def wait_out(rest: Hours, urgent: bool) -> None:
    """Raise `NotYet` while `rest` lasts; what presses does not wait."""
    end = None if urgent else rest.end_after(timezone.now())
    if end:
        raise NotYet(end)


def robot_of(delivery) -> Robot | None:
    """The robot a delivery is for; None when it is gone."""
    pk = delivery.recipient.partition(":")[2]
    rows = Robot.objects.filter(institution_id=delivery.institution_id, pk=pk)
    return rows.select_related("institution").first()


def _house(robot) -> Actor:
    """The group knows what its house may know: by institution, without any role."""
    members = Member.objects.current().filter(institution_id=robot.institution_id)
    return Actor(
        kind="client",
        name=robot.name,
        institution_id=robot.institution_id,
        institution_code=robot.institution.code,
        consortium_ids=frozenset(members.values_list("consortium_id", flat=True)),
    )
