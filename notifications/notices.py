"""What this app itself has to tell: that a notice reached nobody."""

from django.utils.translation import gettext as _

from events import notices
from events.notices import Audience, Notice, Words

UNHEARD = "notice.unheard"


def register() -> None:
    notices.register(
        Notice(event=UNHEARD, key="office", audience=_office, words=_words, link=_link, urgent=True),
    )


def _office(event):
    facts = event.facts
    return [Audience(institution_id=facts["institution"], unit="office", consortium_id=facts.get("consortium"))]


def _words(event):
    facts = event.facts
    body = _("%(institution)s无人值班，也没有可通知的人员。事项 %(number)s 请尽快电话联系：%(phone)s") % {
        "institution": facts["institution_name"],
        "number": event.subject.partition(":")[2],
        "phone": facts["phone"] or _("未登记电话"),
    }
    return Words(_("有通知无人接收"), body)


def _link(event):
    return event.facts["link"]
