"""The departments of a house: what referrals can be sent to."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions import actions
from institutions.forms.departments import DepartmentForm, NewDepartmentForm, OpeningForm
from institutions.houses import house_for, query_of
from institutions.models import Department
from institutions.scope import require_manager
from toolkit.keyset import page
from toolkit.refusals import Refused

PER_PAGE = 30


@never_cache
@require_safe
def departments(request):
    house = house_for(request)
    rows = Department.objects.visible_to(request.actor).filter(institution=house.institution)
    found = page(rows, order=("code",), cursor=request.GET.get("cursor"), limit=PER_PAGE)
    return render(request, "institutions/departments.html", {"page": found, **house.context})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    house = house_for(request)
    form = NewDepartmentForm(request.POST or None)
    if request.method == "POST" and form.attempt(
        lambda data: actions.add_department(actor=request.actor, institution=house.institution, **data)
    ):
        messages.success(request, _("已新增科室 %(name)s") % {"name": form.result.name})
        return redirect(reverse("institutions:departments") + house.query)
    return render(request, "institutions/department.html", {"form": form, **house.context}, status=form.status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk):
    department = _department(request, pk)
    form = DepartmentForm.filled(department, request.POST or None)
    if request.method == "POST" and form.attempt(
        lambda data: actions.change_department(actor=request.actor, department=department, **data)
    ):
        messages.success(request, _("已保存科室 %(name)s") % {"name": department.name})
        return redirect(_list_of(request, department))
    house = department.institution
    context = {"form": form, "department": department, "house": house, "house_query": query_of(request.actor, house)}
    return render(request, "institutions/department.html", context, status=form.status)


@require_POST
def opening(request, pk):
    """Close for referrals, or open again, from the list."""
    department = _department(request, pk)
    form = OpeningForm(request.POST)
    if not form.is_valid():
        raise Refused(_("请刷新页面后重试。"))
    actions.change_department(actor=request.actor, department=department, **form.cleaned_data)
    words = _("%(name)s 恢复接收转诊") if department.takes_referrals else _("%(name)s 已暂停接收转诊")
    messages.success(request, words % {"name": department.name})
    return redirect(_list_of(request, department))


def _department(request, pk):
    """404 to the outsider, 403 to whoever does not manage the house."""
    rows = Department.objects.visible_to(request.actor).select_related("institution")
    department = get_object_or_404(rows, pk=pk)
    require_manager(request.actor, department.institution)
    return department


def _list_of(request, department) -> str:
    return reverse("institutions:departments") + query_of(request.actor, department.institution)
