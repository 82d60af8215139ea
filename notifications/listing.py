"""Rows as the pages show them."""

from functools import cached_property

from django.utils.translation import gettext as _

from notifications.models import Delivery, Robot
from notifications.robots import masked
from notifications.wording import link_of, words_of
from toolkit.refusals import Malformed
from toolkit.words import listed


class Line:
    """A message or delivery with its words and link in the reader's language. Asks the database nothing."""

    def __init__(self, row):
        self.row = row

    @cached_property
    def words(self):
        return words_of(self.row.event, self.row.notice)

    @cached_property
    def link(self) -> str:
        return link_of(self.row.event, self.row.notice)

    @property
    def number(self) -> str:
        """What the reader knows the subject by; "" where it is only ours."""
        number = self.row.event.subject.partition(":")[2]
        return "" if number.isdecimal() else number


def name_robots(deliveries) -> None:
    """Give each delivery to a group robot the robot's name. One query where there are any."""
    wanted = {row.recipient for row in deliveries if row.channel == row.Channel.ROBOT}
    if not wanted:
        return
    known = Robot.objects.filter(pk__in=[ref.partition(":")[2] for ref in wanted])
    names = {robot.event_ref: robot.name for robot in known}
    for row in deliveries:
        row.robot_name = names.get(row.recipient, "")


def add_last_message(robots) -> None:
    """Give each robot its `last` delivery, or None, and its address `masked`. Two queries."""
    last = Delivery.objects.last_to([robot.event_ref for robot in robots])
    for robot in robots:
        robot.last, robot.masked = last.get(robot.event_ref), masked(robot.address)


def only_known(request, known) -> str:
    """The tab asked for by `?show=`; the first one by default."""
    show = request.GET.get("show", known[0])
    if show not in known:
        allowed = listed(known)
        raise Malformed.of("/show", "unknown", _("没有这个分类，可选：%(allowed)s") % {"allowed": allowed})
    return show
