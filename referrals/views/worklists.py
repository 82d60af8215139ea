"""The lists, one page for all boxes of `referrals.boxes`; and the search."""

from dataclasses import dataclass

from django import forms
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from records.models import Patient
from referrals.boxes import BOXES, how_many_in, rows_in
from referrals.forms.filtering import WorklistFilter
from referrals.models import Referral
from referrals.showing.blanks import not_entered_words
from referrals.showing.rows import Row
from referrals.showing.totals import totals_of
from referrals.statuses import BEFORE_ARRIVAL
from toolkit.identifiers.numbers import is_referral_number, normalise
from toolkit.keyset import Page, page
from toolkit.pages.rendering import is_fragment

PER_PAGE = 20
ON_TOP = 30
"""So many green-channel referrals at most stand above the list; the others follow by deadline."""

MOST_COUNTED = 99

NEWEST_FIRST = ("-created_at", "-id")


@dataclass(frozen=True)
class Words:
    """What stands above a list, and in its place when it is empty."""

    lead: str
    empty: str
    empty_text: str
    icon: str


WORDS = {
    "my_turn": Words(
        gettext_lazy("轮到您办理的转诊，按时限先后排列；优先照顾的患者稍往前排。"),
        gettext_lazy("现在没有等您办理的转诊"),
        gettext_lazy("有新的转诊或轮到您时，会出现在这里，并在右上角的消息里提醒。"),
        "checklist",
    ),
    "incoming": Words(
        gettext_lazy("转到本机构的患者，新到的在前。"),
        gettext_lazy("没有转入的转诊"),
        gettext_lazy("其他机构提交转诊后，会出现在这里。"),
        "arrow-bar-to-right",
    ),
    "outgoing": Words(
        gettext_lazy("本机构转出的患者，新建的在前；在这里看患者到哪一步了。"),
        gettext_lazy("没有转出的转诊"),
        gettext_lazy("医生发起转诊后，会出现在这里。"),
        "arrow-bar-right",
    ),
    "deferred": Words(
        gettext_lazy("已接收、暂无位置的患者，按最迟联系日期排列；到日必须联系，一个也不落下。"),
        gettext_lazy("没有在等位置的患者"),
        gettext_lazy("接收后暂无号源或床位时，约定联系日期的患者会列在这里。"),
        "hourglass",
    ),
    "to_complete": Words(
        gettext_lazy("本机构走绿色通道先行转出、资料还没补齐的患者，先到期的在前；患者到诊或转诊办结后也须补齐。"),
        gettext_lazy("没有待补录的转诊"),
        gettext_lazy("绿色通道送出后，其余资料须在24小时内补齐；没补齐的会列在这里。"),
        "file-pencil",
    ),
    "to_review": Words(
        gettext_lazy("医联体内用过绿色通道、已到诊或已结束、还没评审的转诊，先到期的在前；患者信息已隐去。"),
        gettext_lazy("没有待评审的绿色通道转诊"),
        gettext_lazy("绿色通道的患者到诊或转诊结束后，会列在这里，7天内评审。"),
        "clipboard-search",
    ),
    "overseen": Words(
        gettext_lazy("医联体内已提交的全部转诊，新的在前；患者信息已隐去，只看进度和在谁手上。"),
        gettext_lazy("医联体内还没有转诊"),
        gettext_lazy("成员机构提交转诊后，会出现在这里。"),
        "eye-check",
    ),
}


@never_cache
@require_safe
def worklist(request, box: str):
    """One list; on *my turn* the green channel stands on top, the rest by deadline."""
    request.actor.require(BOXES[box].permission)
    asked = WorklistFilter(request, box=box, queryset=rows_in(box, request.actor))
    found, urgent = Page([], None, None), []
    if asked.is_valid():
        rows, cursor = asked.qs, request.GET.get("cursor")
        if box == "my_turn":
            urgent = _on_top(rows)
            rows = rows.exclude(pk__in=[row.pk for row in urgent])
            urgent = [] if cursor else urgent
        found = page(rows, order=BOXES[box].order, cursor=cursor, limit=PER_PAGE)
    context = {
        "box": BOXES[box],
        "words": WORDS[box],
        "filter": asked,
        "page": found,
        "urgent": [Row(each, request.actor) for each in urgent],
        "rows": [Row(each, request.actor, BOXES[box]) for each in found.results],
    }
    if box == "overseen" and not is_fragment(request):
        context["totals"] = totals_of(request.actor)
    template = "referrals/parts/rows.html" if is_fragment(request) else "referrals/worklist.html"
    return render(request, template, context)


@never_cache
@require_safe
def owed(request, box: str):
    """The number in the menu beside a list of what is owed."""
    request.actor.require(BOXES[box].permission)
    count = how_many_in(box, request.actor, most=MOST_COUNTED + 1)
    shown = f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
    return render(request, "referrals/parts/owed.html", {"count": count, "shown": shown})


def _on_top(rows) -> list:
    """The green channel until the patient has arrived, the most pressing first."""
    pressing = rows.exclude(green_channel="").filter(status__in=BEFORE_ARRIVAL)
    return list(pressing.order_by("turn_at", "id")[:ON_TOP])


class SearchForm(forms.Form):
    """What the person typed: a name, its pinyin or initials, or a referral number."""

    text = forms.CharField(
        max_length=60,
        label=gettext_lazy("姓名、拼音首字母或转诊单号"),
        error_messages={"required": gettext_lazy("请输入姓名、拼音首字母或转诊单号。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-draft-skip": ""}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def search(request):
    """Referrals of visible persons by name, or one by its number. Posted, so that no name stands in an address."""
    request.actor.require("referral.read")
    form = SearchForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "asked": form.is_valid(), "text": form.data.get("text", ""), "rows": []}
    if form.is_valid():
        text = form.cleaned_data["text"]
        if is_referral_number(text):
            one = Referral.objects.visible_to(request.actor).filter(number=normalise(text)).first()
            if one:
                return redirect("referrals:detail", number=one.number)
            unknown = _("没有这个单号，或贵机构不是这次转诊的一方。")
            context["hint"] = not_entered_words(request.actor, text) or unknown
        elif _is_meant_as_number(text):
            context["hint"] = _("转诊单号应为 R 加 11 位数字，最后一位是校验位；请核对是否抄错。")
        else:
            context |= _by_name(request, text)
    return render(request, "referrals/search.html", context, status=422 if form.errors else 200)


def _is_meant_as_number(text: str) -> bool:
    return sum(letter.isdigit() for letter in text) >= 5


def _by_name(request, text: str) -> dict:
    if not request.actor.may("patient.read"):
        return {"hint": _("您的身份不能按姓名查找患者，请用转诊单号查找。")}
    persons = Patient.objects.visible_to(request.actor).named(text)
    seen = Referral.objects.visible_to(request.actor).filter(patient__in=persons)
    rows = seen.as_rows().telling_turn_of(request.actor)
    found = page(rows, order=NEWEST_FIRST, cursor=request.POST.get("cursor"), limit=PER_PAGE)
    return {"page": found, "rows": [Row(each, request.actor) for each in found.results]}
