"""How a delivery reaches its person. Each channel answers why it held back, or ""; it raises when it fails.

The address is looked up here, at sending time, and kept nowhere.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from events import notices
from events.notices import Text
from notifications import sms
from notifications.models import Delivery, InboxMessage
from notifications.wording import address_of, line_of, link_of, title_of, words_of

LONGEST_PARAMETER = 35  # characters a provider's template lets one parameter have
PATIENCE = 30  # seconds for the mail server, well inside a delivery's lease


def email(delivery, person) -> str:
    """One plain-text e-mail in the language active now, always under the same Message-ID."""
    if not person.user.email:
        return Delivery.Why.NO_ADDRESS
    EmailMessage(
        subject=title_of(delivery),
        body=_body(delivery, person),
        to=[person.user.email],
        headers={"Message-ID": message_id(delivery), "Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=PATIENCE),
    ).send()
    return ""


def text_message(delivery, person) -> str:
    """One short message with references only: the title, which has the number, and the way to it."""
    phone = sms.mobile(person.user.phone)
    if not sms.is_on() or not phone:
        return Delivery.Why.NO_MOBILE if sms.is_on() else Delivery.Why.NO_SMS
    title, path = _short_title(delivery), link_of(delivery.event, delivery.notice)
    words = " ".join(part for part in (title, address_of(delivery.event, delivery.notice)) if part)
    text = Text("staff_notice", {"title": title[:LONGEST_PARAMETER], "path": path.lstrip("/")}, words)
    sms.send(sms.Sms(str(delivery.message_id), phone, text, again=delivery.attempts > 1))
    return ""


def _short_title(delivery) -> str:
    """Without 【】, which belong to the signature alone: a message with two is not taken."""
    title = line_of(words_of(delivery.event, delivery.notice).title)
    notice = notices.find(delivery.event.name, delivery.notice)
    return _("紧急：%(title)s") % {"title": title} if notice.is_urgent(delivery.event) else title


def inbox(delivery, person) -> str:
    """Only for a message that was held back before: telling writes inbox messages itself."""
    notice = notices.find(delivery.event.name, delivery.notice)
    InboxMessage.objects.get_or_create(
        user_id=delivery.user_id,
        event_id=delivery.event_id,
        notice=delivery.notice,
        defaults={"institution_id": person.institution_id, "urgent": notice.is_urgent(delivery.event)},
    )
    return ""


def message_id(delivery) -> str:
    """RFC 5322 Message-ID of a delivery."""
    return f"<{delivery.message_id}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}>"


def _body(delivery, person) -> str:
    context = {
        "words": words_of(delivery.event, delivery.notice),
        "event": delivery.event,
        "institution": person.institution,
        "link": address_of(delivery.event, delivery.notice),
    }
    return render_to_string("notifications/email.txt", context).strip() + "\n"


CHANNELS = {
    Delivery.Channel.EMAIL: email,
    Delivery.Channel.INBOX: inbox,
    Delivery.Channel.SMS: text_message,
}
