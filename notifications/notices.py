"""What this app itself has to tell: that a notice reached nobody, and to a group that its robot works."""

from django.urls import reverse
from django.utils.translation import gettext as _

from events import notices
from events.notices import Audience, Notice, Words
from notifications.models import Robot

UNHEARD, TESTED = "notice.unheard", "robot.tested"


def register() -> None:
    notices.register(
        Notice(event=UNHEARD, key="office", audience=_office, words=_words, link=_link, urgent=True),
    )
    notices.register(
        Notice(event=TESTED, key="robot", audience=_robot, words=_test_words, link=_robots, channels=("robot",)),
    )
    notices.register_visibility("robot", _own_robot)


def _robot(event):
    return [Audience(institution_id=event.facts["institution"], unit="robot", ref=event.subject)]


def _test_words(event):
    return Words(_("测试消息"), _("群机器人“%(name)s”已接入医联体协同平台。") % {"name": event.facts["robot_name"]})


def _robots(event):
    return reverse("notifications:robots")


def _own_robot(ref, actor):
    return Robot.objects.filter(pk=ref.partition(":")[2], institution_id=actor.institution_id).exists()


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
