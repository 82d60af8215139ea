"""A house's group robots: added, changed, tried, switched off and removed by whoever manages the house."""

from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.log import record
from institutions.checks import one_of, text
from institutions.scope import require_manager
from notifications.models import Robot
from notifications.robots import LONGEST_ADDRESS, MAKERS, is_allowed
from toolkit.refusals import Conflict, Findings, Missing, Refused

_name = partial(text, longest=30, required=True)
_secret = partial(text, longest=200)
WHERE = {
    Robot.Kind.WECOM: gettext_lazy("企业微信群里“群机器人”给出的地址，以 %(start)s 开头。"),
    Robot.Kind.DINGTALK: gettext_lazy("钉钉群“机器人管理”给出的 Webhook 地址，以 %(start)s 开头。"),
}


@transaction.atomic
def add_robot(
    *, actor, institution, name, kind, address, secret="", department=None, quiet_from=None, quiet_to=None
) -> Robot:
    """Let a group hear what the house's units, or those of one department, are told. Pointers: the names."""
    require_manager(actor, institution)
    findings = Findings()
    one_of(findings, "/kind", kind, allowed=Robot.Kind.values)
    values = _checked(findings, institution, name, department, quiet_from, quiet_to)
    values |= _keys(findings, kind, address, secret)
    findings.raise_if_any()
    robot = Robot(institution=institution, kind=kind, **values)
    _save(robot)
    record("robot.added", actor=actor, subject=robot, kind=robot.kind, robot_name=robot.name)
    return robot


@transaction.atomic
def change_robot(
    *, actor, robot, name, address="", secret="", department=None, quiet_from=None, quiet_to=None
) -> Robot:
    """Address and secret stay as they are where "" is given: nobody can be shown them to type them again."""
    robot = _mine(actor, robot)
    findings = Findings()
    values = _checked(findings, robot.institution, name, department, quiet_from, quiet_to)
    values |= _keys(findings, robot.kind, address or robot.address, secret or robot.secret)
    findings.raise_if_any()
    for column, value in values.items():
        setattr(robot, column, value)
    _save(robot)
    record("robot.changed", actor=actor, subject=robot, robot_name=robot.name, rekeyed=bool(address or secret))
    return robot


@transaction.atomic
def switch_robot(*, actor, robot, active: bool) -> None:
    """Off, it is told nothing; what waits for it is held back."""
    robot = _mine(actor, robot)
    if robot.active == active:
        raise Conflict(_("该机器人已启用。") if active else _("该机器人已停用。"), code="unchanged")
    robot.active = active
    robot.save(update_fields=["active"])
    record("robot.switched", actor=actor, subject=robot, robot_name=robot.name, active=active)


@transaction.atomic
def remove_robot(*, actor, robot) -> None:
    """Its address is forgotten; what it was told stays on record."""
    robot = _mine(actor, robot)
    record("robot.removed", actor=actor, subject=robot, robot_name=robot.name)
    robot.delete()


@transaction.atomic
def test_robot(*, actor, robot) -> None:
    """Ask for a test message. It goes the way of every other one, and its row says what became of it."""
    robot = _mine(actor, robot)
    if not robot.active:
        raise Refused(_("该机器人已停用，请先启用再发测试消息。"), code="off")
    record("robot.tested", actor=actor, subject=robot, robot_name=robot.name, institution=robot.institution_id)


test_robot.__test__ = False


def _mine(actor, robot) -> Robot:
    require_manager(actor, robot.institution)
    found = Robot.objects.select_for_update().filter(pk=robot.pk).first()
    if found is None:
        raise Missing(_("该机器人已删除。"))
    return found


def _checked(findings, institution, name, department, quiet_from, quiet_to) -> dict:
    if department is not None and department.institution_id != institution.pk:
        findings.add("/department", "unknown", _("请选择本机构的科室。"))
    check_quiet(findings, quiet_from, quiet_to)
    values = {"name": _name(findings, "/name", name), "department": department}
    return values | {"quiet_from": quiet_from, "quiet_to": quiet_to}


def check_quiet(findings, quiet_from, quiet_to) -> None:
    """Both or neither, and not the whole day."""
    if (quiet_from is None) != (quiet_to is None):
        pointer = "/quiet_from" if quiet_from is None else "/quiet_to"
        findings.add(pointer, "required", _("免打扰时段的开始和结束请都填写，或都留空。"))
    elif quiet_from is not None and quiet_from == quiet_to:
        findings.add("/quiet_to", "invalid", _("结束时间不能与开始时间相同，例如 22:00 至 07:00。"))


def _keys(findings, kind, address, secret) -> dict:
    address = text(findings, "/address", address, longest=LONGEST_ADDRESS, required=True)
    if kind in MAKERS and address and not is_allowed(kind, address):
        start = f"{MAKERS[kind].origin}{MAKERS[kind].path}?{MAKERS[kind].key}="
        findings.add("/address", "not_allowed", WHERE[kind] % {"start": start})
    return {"address": address, "secret": _secret(findings, "/secret", secret)}


def _save(robot) -> None:
    try:
        with transaction.atomic():
            robot.save()
    except IntegrityError as clash:
        raise Conflict.of("/name", "taken", _("本机构已有同名的机器人，请换一个名称。")) from clash
