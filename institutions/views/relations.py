"""Who may refer to whom."""

from collections import Counter

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions import actions
from institutions.actions.relations import plan_relations
from institutions.forms.relations import RelationForm, RelationsAskedForm, TravelForm
from institutions.houses import office_for
from institutions.models import Institution, Relation
from institutions.scope import require_consortium_manager, require_manager
from toolkit.keyset import page

PER_PAGE = 30
ORDER = ("sender__code", "direction", "receiver__code", "id")
COUNTED = (Relation.Direction.UP, Relation.Direction.DOWN, Relation.Direction.LATERAL)


@never_cache
@require_safe
def relations(request):
    """All of the consortium for its administrator, those of the own house for the others."""
    actor = request.actor
    if not actor.may("consortium.manage"):
        actor.require("institution.manage")
    rows = _reach(actor, Relation.objects.visible_to(actor)).select_related("sender", "receiver")
    asked = RelationsAskedForm.of(request, houses=list(Institution.objects.visible_to(actor).order_by("code")))
    rows = _asked_for(rows, asked.cleaned_data)
    found = page(rows, order=ORDER, cursor=request.GET.get("cursor"), limit=PER_PAGE)
    context = {"page": found, "asked": asked, "all_of_them": actor.may("consortium.manage")}
    return render(request, "institutions/relations.html", context)


def _reach(actor, rows):
    sides = Q(sender_id=actor.institution_id) | Q(receiver_id=actor.institution_id)
    return rows.filter(sides | Q(consortium_id__in=actor.home_ids) if actor.may("consortium.manage") else sides)


def _asked_for(rows, wanted):
    paths = {"sender": "sender__code", "receiver": "receiver__code", "direction": "direction"}
    rows = rows.filter(**{path: wanted[name] for name, path in paths.items() if wanted[name]})
    if wanted["show"] == "ended":
        return rows.filter(active=False)
    if wanted["show"] == "manual":
        return rows.filter(source=Relation.Source.MANUAL)
    return rows.filter(active=True)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def generate(request):
    """What the levels give: shown first, done with one click."""
    office = office_for(request)
    if request.method == "POST":
        counts = actions.generate_relations(actor=request.actor, consortium=office.consortium)
        words = _("转诊关系已更新：新建 %(created)s 条，恢复 %(reactivated)s 条，停用 %(ended)s 条，保持 %(kept)s 条。")
        messages.success(request, words % counts)
        return redirect(reverse("institutions:relations"))
    before = _usable(request.actor, office.consortium)
    plan = plan_relations(office.consortium)
    context = {"rows": _before_and_after(before, plan), "counts": plan.counts, **office.context}
    context["changes"] = bool(plan.missing or plan.revived or plan.ended)
    return render(request, "institutions/generate.html", context)


def _usable(actor, consortium) -> dict:
    """{id: direction} of the relations of a consortium that permit something today."""
    rows = Relation.objects.visible_to(actor).open().filter(consortium=consortium)
    return dict(rows.values_list("pk", "direction"))


def _before_and_after(before, plan):
    """[(direction in words, now, afterwards)]"""
    now = Counter(before.values())
    more = Counter([key[2] for key in plan.missing] + [row.direction for row in plan.revived])
    fewer = Counter(row.direction for row in plan.ended if row.pk in before)
    return [(each.label, now[each], now[each] + more[each] - fewer[each]) for each in COUNTED]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    """An exception by hand: permit what the levels do not give, or forbid what they do."""
    office = office_for(request)
    houses = Institution.objects.visible_to(request.actor).order_by("code")
    form = RelationForm(request.POST or None, houses=houses)
    if request.method == "POST" and form.attempt(lambda data: _set(request.actor, office.consortium, data)):
        messages.success(request, _("已设置 %(relation)s") % {"relation": form.result})
        return redirect(reverse("institutions:relations"))
    return render(request, "institutions/relation_add.html", {"form": form, **office.context}, status=form.status)


def _set(actor, consortium, data):
    """A travel time left empty stays what it was."""
    if data["travel_minutes"] is None:
        sides = {name: data[name] for name in ("sender", "receiver", "direction")}
        known = Relation.objects.visible_to(actor).filter(**sides).first()
        data["travel_minutes"] = known.travel_minutes if known else None
    return actions.set_relation(actor=actor, consortium=consortium, **data)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def relation(request, pk):
    """One relation: its travel time, and for the consortium's administrator its end."""
    row = _relation(request, pk)
    form = TravelForm(request.POST or None, initial={"minutes": row.travel_minutes, "version": row.version})
    if request.method == "POST" and form.attempt(
        lambda data: actions.set_travel_time(actor=request.actor, relation=row, **data)
    ):
        messages.success(request, _("已保存 %(relation)s 的路程") % {"relation": row})
        return redirect(reverse("institutions:relations"))
    context = {"relation": row, "form": form, "may_end": _administers(request.actor, row)}
    return render(request, "institutions/relation.html", context, status=form.status)


@require_POST
def relation_switch(request, pk):
    """End a relation as a standing exception, or permit it again."""
    row = _relation(request, pk)
    require_consortium_manager(request.actor, row.consortium)
    version = _version(request)
    if row.active:
        actions.end_relation(actor=request.actor, relation=row, version=version)
        words = _("已停用 %(relation)s，按等级生成时不会恢复")
    else:
        sides = {"sender": row.sender, "receiver": row.receiver, "direction": row.direction}
        actions.set_relation(
            actor=request.actor, consortium=row.consortium, travel_minutes=row.travel_minutes, version=version, **sides
        )
        words = _("已重新启用 %(relation)s")
    messages.success(request, words % {"relation": row})
    return redirect(reverse("institutions:relations"))


def _version(request) -> int:
    """The version the button was shown with; anything else is stale."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else -1


def _relation(request, pk):
    """404 to the outsider, 403 to whoever manages neither the consortium nor the sender."""
    rows = Relation.objects.visible_to(request.actor).select_related("consortium", "sender", "receiver")
    row = get_object_or_404(rows, pk=pk)
    if not _administers(request.actor, row):
        require_manager(request.actor, row.sender)
    return row


def _administers(actor, row) -> bool:
    return actor.may("consortium.manage") and row.consortium_id in actor.home_ids
