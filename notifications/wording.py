"""The words of a notice, made when it is read or sent, in the language active then."""

import logging

from django.conf import settings
from django.utils.translation import gettext as _

from events import notices
from events.notices import Words

log = logging.getLogger(__name__)


def words_of(event, key: str) -> Words:
    """Title and body; neutral words when the notice is no longer known, so that an old inbox stays readable."""
    notice = notices.find(event.name, key)
    if notice is None:
        return _neutral(event)
    try:
        return notice.words(event)
    except Exception as failure:  # one bad notice must not close the whole inbox
        log.error("the words of %s/%s failed: %s", event.name, key, type(failure).__name__)
        return _neutral(event)


def link_of(event, key: str) -> str:
    """The path the notice leads to, "" when there is none."""
    notice = notices.find(event.name, key)
    if notice is None:
        return ""
    try:
        return notice.link(event)
    except Exception as failure:
        log.error("the link of %s/%s failed: %s", event.name, key, type(failure).__name__)
        return ""


def address_of(event, key: str) -> str:
    """The whole address the notice leads to, "" when there is none."""
    path = link_of(event, key)
    return f"{settings.PUBLIC_URL}{path}" if path else ""


def title_of(delivery) -> str:
    """One line, which says so when it presses."""
    notice = notices.find(delivery.event.name, delivery.notice)
    title = line_of(words_of(delivery.event, delivery.notice).title)
    return _("【紧急】%(title)s") % {"title": title} if notice.is_urgent(delivery.event) else title


def line_of(text: str) -> str:
    """On one line, however it was written."""
    return " ".join(text.split())


def content_of(delivery) -> str:
    """What a group reads: reference and link. What it is about, and how it stands, is said after signing in.

    Only the trial message, which is about the robot itself, is read in full.
    """
    if delivery.event.subject == delivery.recipient:
        words = words_of(delivery.event, delivery.notice)
        return "\n".join(filter(None, (words.title, words.body, address_of(delivery.event, delivery.notice))))
    notice = notices.find(delivery.event.name, delivery.notice)
    presses = _("紧急") if notice.is_urgent(delivery.event) else _("普通")
    number = delivery.event.subject.partition(":")[2]
    line = _("【%(presses)s】%(number)s 有新的进展，请登录平台办理") % {"presses": presses, "number": number}
    address = address_of(delivery.event, delivery.notice)
    return f"{line}\n{address}" if address else line


def _neutral(event) -> Words:
    number = event.subject.partition(":")[2]
    return Words(_("有一件事项已更新"), _("编号：%(number)s") % {"number": number})
