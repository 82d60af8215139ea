"""The words of a notice, made when it is read or sent, in the language active then."""

import logging

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


def _neutral(event) -> Words:
    number = event.subject.partition(":")[2]
    return Words(_("有一件事项已更新"), _("编号：%(number)s") % {"number": number})
