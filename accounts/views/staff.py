"""The people of a house: who works there, in which roles, and how they get in."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions.houses import house_for, query_of
from institutions.scope import require_manager
from toolkit.keyset import page

from .. import actions
from ..forms.roles import role_words
from ..forms.staff import ChangeJobForm, HireForm, JoinForm, LeaveForm, PersonForm, StaffAskedForm
from ..idempotency import location_once
from ..models import Membership
from ..roles import ROLES
from ..shown_once import keep, take

PER_PAGE = 30
ORDER = ("user__name_keys", "id")


@never_cache
@require_safe
def staff(request):
    house = house_for(request, "staff.manage")
    asked = StaffAskedForm.of(request)
    wanted = asked.cleaned_data
    today = timezone.localdate()
    rows = Membership.objects.visible_to(request.actor).filter(institution=house.institution)
    gone = Q(ended_on__lte=today)
    rows = rows.filter(gone if wanted["show"] else ~gone | Q(ended_on=None))
    if wanted["role"]:
        rows = rows.with_role(wanted["role"])
    if wanted["q"]:
        rows = rows.search(wanted["q"])
    rows = rows.select_related("user", "department")
    found = page(rows, order=ORDER, cursor=request.GET.get("cursor"), limit=PER_PAGE)
    return render(request, "accounts/staff.html", {"page": found, "asked": asked, "today": today, **house.context})


@never_cache
@require_safe
def roles(request):
    """What each role may do, and who grants it."""
    if not request.actor.may("consortium.manage"):
        request.actor.require("staff.manage")
    rows = [(role, role_words(role), role.granted_by == "consortium.manage") for role in ROLES.values()]
    return render(request, "accounts/roles.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    """Somebody new; the first password is shown once, on his page."""
    house = house_for(request, "staff.manage")
    form = HireForm(request.POST or None, institution=house.institution, actor=request.actor)
    if request.method == "POST" and form.attempt(
        lambda data: location_once(request, lambda: _hire(request, house.institution, form))
    ):
        return redirect(form.result)
    context = {"form": form, **house.context}
    return render(request, "accounts/staff_add.html", context, status=form.status)


@sensitive_variables("password")
def _hire(request, institution, form) -> str:
    membership, password = actions.hire(actor=request.actor, institution=institution, person=form.person, job=form.job)
    keep(request, membership.event_ref, password)
    messages.success(request, _("已新增 %(name)s") % {"name": membership.user.name})
    return reverse("accounts:member", args=[membership.pk])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request):
    """Somebody with an account begins to work here as well, or comes back."""
    house = house_for(request, "staff.manage")
    form = JoinForm(request.POST or None, institution=house.institution, actor=request.actor)
    if request.method == "POST" and form.attempt(
        lambda data: location_once(request, lambda: _join(request, house.institution, form))
    ):
        return redirect(form.result)
    context = {"form": form, **house.context}
    return render(request, "accounts/staff_join.html", context, status=form.status)


def _join(request, institution, form) -> str:
    membership = actions.add_membership(actor=request.actor, user=form.user, institution=institution, **form.job)
    messages.success(request, _("%(name)s 已在本机构任职") % {"name": membership.user.name})
    return reverse("accounts:member", args=[membership.pk])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def member(request, pk):
    """One job: its roles, and beside them the account and the end."""
    membership = find_job(request, pk)
    form = ChangeJobForm.filled(membership, actor=request.actor, data=request.POST or None)
    if request.method == "POST" and form.attempt(lambda data: _change(request.actor, membership, form)):
        messages.success(request, _("已保存 %(name)s 的任职") % {"name": membership.user.name})
        return redirect(_list_of(request, membership))
    return _show(request, membership, form=form)


def _change(actor, membership, form):
    version = form.cleaned_data["version"]
    return actions.change_membership(actor=actor, membership=membership, version=version, **form.job)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request, pk):
    """Name, mobile and e-mail, which go with the person to every house."""
    membership = find_job(request, pk)
    form = PersonForm.filled(membership.user, request.POST or None)
    if request.method == "POST" and form.attempt(
        lambda data: actions.change_user(actor=request.actor, user=membership.user, **data)
    ):
        messages.success(request, _("个人信息已保存"))
        return redirect("accounts:member", pk)
    context = {"form": form, "membership": membership}
    return render(request, "accounts/person.html", context, status=form.status)


@require_POST
def password(request, pk):
    """A new first password, shown once on the person's page."""
    membership = find_job(request, pk)
    return redirect(location_once(request, lambda: _reset(request, membership)))


def _reset(request, membership) -> str:
    keep(request, membership.event_ref, actions.set_password(actor=request.actor, user=membership.user))
    messages.success(request, _("已为 %(name)s 重设密码") % {"name": membership.user.name})
    return reverse("accounts:member", args=[membership.pk])


@never_cache
@require_POST
def leave(request, pk):
    membership = find_job(request, pk)
    leaving = LeaveForm(request.POST)
    if leaving.attempt(lambda data: actions.end_membership(actor=request.actor, membership=membership, **data)):
        words = _("%(name)s 自 %(day)s 起不再任职")
        messages.success(request, words % {"name": membership.user.name, "day": membership.ended_on.isoformat()})
        return redirect(_list_of(request, membership))
    return _show(request, membership, leaving=leaving)


def _show(request, membership, *, form=None, leaving=None):
    status = (leaving or form).status
    form = form or ChangeJobForm.filled(membership, actor=request.actor)
    leaving = leaving or LeaveForm(initial={"on": timezone.localdate(), "version": membership.version})
    context = {
        "membership": membership, "form": form, "leaving": leaving, "secret": take(request, membership.event_ref),
        "house": membership.institution, "house_query": query_of(request.actor, membership.institution),
        "gone": membership.ended_on is not None and membership.ended_on <= timezone.localdate(),
    }  # fmt: skip
    return render(request, "accounts/member.html", context, status=status)


def find_job(request, pk) -> Membership:
    """404 to the outsider, 403 to the colleague who does not manage the staff."""
    rows = Membership.objects.visible_to(request.actor).select_related("user", "institution", "department")
    membership = get_object_or_404(rows, pk=pk)
    require_manager(request.actor, membership.institution, "staff.manage")
    return membership


def _list_of(request, membership) -> str:
    return reverse("accounts:staff") + query_of(request.actor, membership.institution)
