"""The group robots of a house."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.idempotency import location_once
from institutions.houses import house_for, query_of
from institutions.scope import require_manager
from notifications import actions
from notifications.forms.robots import ChangeRobotForm, RobotForm
from notifications.listing import add_last_message
from notifications.models import Robot
from notifications.robots import masked
from toolkit.keyset import page

PER_PAGE = 30


@never_cache
@require_safe
def robots(request):
    """Each with what became of its last message."""
    house = house_for(request)
    rows = Robot.objects.visible_to(request.actor).filter(institution=house.institution).select_related("department")
    found = page(rows, order=("id",), cursor=request.GET.get("cursor"), limit=PER_PAGE)
    add_last_message(found.results)
    return render(request, "notifications/robots.html", {"page": found, **house.context})


@never_cache
@require_safe
def last(request, pk):
    """What became of the last message, asked for again while it waits."""
    robot = _robot(request, pk)
    add_last_message([robot])
    return render(request, "notifications/robot_last.html", {"robot": robot})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    house = house_for(request)
    form = RobotForm(request.POST or None, institution=house.institution, initial={"kind": Robot.Kind.WECOM})
    if request.method == "POST" and form.attempt(
        lambda data: location_once(request, lambda: _add(request, house.institution, data))
    ):
        return redirect(form.result)
    return render(request, "notifications/robot_add.html", {"form": form, **house.context}, status=form.status)


def _add(request, institution, data) -> str:
    robot = actions.add_robot(actor=request.actor, institution=institution, **data)
    messages.success(request, _("已添加群机器人“%(name)s”，请发一条测试消息") % {"name": robot.name})
    return _list(request, robot)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk):
    robot = _robot(request, pk)
    form = ChangeRobotForm.filled(robot, request.POST or None)
    if request.method == "POST" and form.attempt(
        lambda data: actions.change_robot(actor=request.actor, robot=robot, **data)
    ):
        messages.success(request, _("已保存群机器人“%(name)s”") % {"name": form.result.name})
        return redirect(_list(request, robot))
    context = {"form": form, "robot": robot, "masked": masked(robot.address), "back_url": _list(request, robot)}
    return render(request, "notifications/robot.html", context, status=form.status)


@require_POST
def test(request, pk):
    robot = _robot(request, pk)
    actions.test_robot(actor=request.actor, robot=robot)
    messages.success(request, _("测试消息正在发送，结果见下面“最近一条”"))
    return redirect(_list(request, robot))


@require_POST
def switch(request, pk):
    robot = _robot(request, pk)
    active = request.POST.get("active") == "on"
    actions.switch_robot(actor=request.actor, robot=robot, active=active)
    words = _("已启用群机器人“%(name)s”") if active else _("已停用群机器人“%(name)s”")
    messages.success(request, words % {"name": robot.name})
    return redirect(_list(request, robot))


@require_POST
def remove(request, pk):
    robot = _robot(request, pk)
    actions.remove_robot(actor=request.actor, robot=robot)
    messages.success(request, _("已删除群机器人“%(name)s”") % {"name": robot.name})
    return redirect(_list(request, robot))


def _robot(request, pk) -> Robot:
    """404 to the outsider, 403 to the colleague who does not manage the house."""
    rows = Robot.objects.visible_to(request.actor).select_related("institution", "department")
    found = get_object_or_404(rows, pk=pk)
    require_manager(request.actor, found.institution)
    return found


def _list(request, robot) -> str:
    return reverse("notifications:robots") + query_of(request.actor, robot.institution)
