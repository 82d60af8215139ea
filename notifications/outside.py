"""Deliveries to whoever has no account. The address is asked for here, at sending time, and kept nowhere."""

from django.utils import timezone, translation

from events import notices
from notifications import sms
from notifications.hours import patients_rest
from notifications.models import Delivery
from notifications.sending import NotYet

Why = Delivery.Why


def to_patient(delivery) -> str:
    """Send the short message, unless something speaks against it now; answers why not, or ""."""
    event = delivery.event
    notice = notices.find(event.name, delivery.notice)
    if notice is None or notice.text is None:
        return Why.NO_WORDS
    if not sms.is_on():
        return Why.NO_SMS
    rest = None if notice.is_urgent(event) else patients_rest().end_after(timezone.now())
    if rest:
        raise NotYet(rest)
    recipient = notices.recipient(delivery.recipient, event)
    phone = sms.mobile(recipient.phone) if recipient else ""
    if not phone:
        return Why.NO_MOBILE
    with translation.override(recipient.language):
        sms.send(sms.Sms(str(delivery.message_id), phone, notice.text(event), again=delivery.attempts > 1))
    return ""
