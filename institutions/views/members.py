"""A consortium and its members, for its administrators."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions import actions
from institutions.forms.institutions import NewInstitutionForm
from institutions.forms.members import AdmitForm, ConsortiumForm, EndForm, MemberForm, MembersAskedForm
from institutions.houses import office_for, office_query, offices_of
from institutions.models import Institution, Member
from institutions.scope import managed_by, require_consortium_manager
from toolkit.keyset import page

PER_PAGE = 30


@never_cache
@require_safe
def members(request):
    office = office_for(request)
    asked = MembersAskedForm.of(request)
    rows = Member.objects.visible_to(request.actor).filter(consortium=office.consortium).select_related("institution")
    if asked.cleaned_data["show"]:
        rows = rows.filter(left_on__lte=timezone.localdate())
    else:
        rows = rows.filter(Q(left_on=None) | Q(left_on__gt=timezone.localdate()))  # also who joins tomorrow
    if asked.cleaned_data["q"]:
        named = Institution.objects.visible_to(request.actor).search(asked.cleaned_data["q"])
        rows = rows.filter(institution__in=named.values("pk"))
    found = page(rows, order=("institution__code", "id"), cursor=request.GET.get("cursor"), limit=PER_PAGE)
    mine = set(managed_by(request.actor).values_list("pk", flat=True))
    context = {"page": found, "asked": asked, "mine": mine, "today": timezone.localdate(), **office.context}
    return render(request, "institutions/members.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consortium(request):
    office = office_for(request)
    form = ConsortiumForm.filled(office.consortium, request.POST or None)
    if request.method == "POST" and form.attempt(
        lambda data: actions.change_consortium(actor=request.actor, consortium=office.consortium, **data)
    ):
        messages.success(request, _("医联体资料已保存"))
        return redirect(reverse("institutions:consortium") + office.query)
    return render(request, "institutions/consortium.html", {"form": form, **office.context}, status=form.status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def admit(request):
    """An institution that is on the platform already becomes a member."""
    office = office_for(request)
    form = AdmitForm(request.POST or None, initial={"joined_on": timezone.localdate(), "role": "member"})
    if request.method == "POST" and form.attempt(lambda data: _admit(request.actor, office.consortium, data)):
        messages.success(request, _("%(name)s 已加入医联体") % {"name": form.result.institution.label})
        return redirect(reverse("institutions:members") + office.query)
    return render(request, "institutions/admit.html", {"form": form, **office.context}, status=form.status)


def _admit(actor, consortium, data):
    given = {name: value for name, value in data.items() if name not in ("code", "name")}
    return actions.admit_member(actor=actor, consortium=consortium, **given)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """An institution that is not yet on the platform."""
    office = office_for(request)
    form = NewInstitutionForm(request.POST or None, initial={"joined_on": timezone.localdate()})
    if request.method == "POST" and form.attempt(
        lambda data: actions.add_institution(actor=request.actor, consortium=office.consortium, **data)
    ):
        words = _("%(name)s 已加入医联体。接着请为它登记科室和第一位机构管理员，再更新转诊关系。")
        messages.success(request, words % {"name": form.result.label})
        return redirect(reverse("institutions:departments") + f"?institution={form.result.code}")
    return render(request, "institutions/new.html", {"form": form, **office.context}, status=form.status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def member(request, pk):
    row = _member(request, pk)
    initial = {"role": row.role, "closeness": row.closeness, "agreement": row.agreement}
    form = MemberForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.attempt(
        lambda data: actions.change_member(actor=request.actor, member=row, **data)
    ):
        messages.success(request, _("已保存 %(name)s 的成员资格") % {"name": row.institution.label})
        return redirect(_list_of(request, row))
    ending = EndForm(initial={"left_on": timezone.localdate()})
    return _show_member(request, row, form, ending, form.status)


@never_cache
@require_POST
def member_end(request, pk):
    row = _member(request, pk)
    ending = EndForm(request.POST)
    if ending.attempt(lambda data: actions.end_membership(actor=request.actor, member=row, **data)):
        words = _("%(name)s 自 %(day)s 起退出医联体")
        messages.success(request, words % {"name": row.institution.label, "day": row.left_on.isoformat()})
        return redirect(_list_of(request, row))
    form = MemberForm(initial={"role": row.role, "closeness": row.closeness, "agreement": row.agreement})
    return _show_member(request, row, form, ending, ending.status)


def _show_member(request, row, form, ending, status):
    open_still = row.left_on is None or row.left_on > timezone.localdate()
    context = {
        "member": row,
        "form": form,
        "ending": ending,
        "open_still": open_still,
        "office_query": _query(request, row),
    }
    return render(request, "institutions/member.html", context, status=status)


def _member(request, pk):
    """404 to the outsider, 403 to whoever does not administer the consortium."""
    rows = Member.objects.visible_to(request.actor).select_related("consortium", "institution")
    row = get_object_or_404(rows, pk=pk)
    require_consortium_manager(request.actor, row.consortium)
    return row


def _query(request, row) -> str:
    return office_query(offices_of(request.actor), row.consortium)


def _list_of(request, row) -> str:
    return reverse("institutions:members") + _query(request, row)
