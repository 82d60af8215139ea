"""The pieces pages are made of: fields tied to their mistakes, refusals in words, nothing unescaped."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django import forms
from django.template.loader import render_to_string
from pytest_django.asserts import assertHTMLEqual, assertInHTML

from toolkit.refusals import FieldError, Refused

REQUIRED = forms.Field.default_error_messages["required"]
NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


class VisitForm(forms.Form):
    place = forms.CharField(label="地点", help_text="门诊楼几层几号")
    kind = forms.ChoiceField(label="方式", choices=[("slot", "门诊"), ("bed", "住院")], widget=forms.RadioSelect)
    department = forms.ChoiceField(label="科室", choices=[("a", "心内科")])
    on = forms.DateField(label="日期", required=False)
    at = forms.TimeField(label="时间", required=False)
    since = forms.DateTimeField(label="起", required=False)
    agreed = forms.BooleanField(label="已签字", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def field(form, name, **context):
    return render_to_string("partials/field.html", {"field": form[name], **context})


def test_a_field_is_tied_to_its_help():
    assertHTMLEqual(
        field(VisitForm(), "place"),
        """<div class="field"><label for="id_place">地点</label>
        <input type="text" name="place" required id="id_place" class="form-control"
               aria-describedby="id_place_helptext">
        <p class="field-help" id="id_place_helptext">门诊楼几层几号</p></div>""",
    )


def test_a_field_is_tied_to_its_mistake():
    assertHTMLEqual(
        field(VisitForm({"place": "", "kind": "slot"}), "place"),
        f"""<div class="field"><label for="id_place">地点</label>
        <input type="text" name="place" required id="id_place" class="form-control is-invalid" aria-invalid="true"
               aria-describedby="id_place_helptext id_place_error">
        <p class="field-help" id="id_place_helptext">门诊楼几层几号</p>
        <ul class="field-error" id="id_place_error"><li>{REQUIRED}</li></ul></div>""",
    )


def test_choices_are_a_group_with_a_legend():
    assertHTMLEqual(
        field(VisitForm({}), "kind"),
        f"""<fieldset class="field" id="id_kind_group" aria-describedby="id_kind_error"><legend>方式</legend>
        <div class="choices">
          <label class="choice" for="id_kind_0"><input type="radio" name="kind" value="slot" required
            aria-invalid="true" id="id_kind_0"><span>门诊</span></label>
          <label class="choice" for="id_kind_1"><input type="radio" name="kind" value="bed" required
            aria-invalid="true" id="id_kind_1"><span>住院</span></label>
        </div><ul class="field-error" id="id_kind_error"><li>{REQUIRED}</li></ul></fieldset>""",
    )


def test_optional_fields_say_so_and_a_box_stands_beside_its_words():
    assertInHTML('<span class="field-optional">选填</span>', field(VisitForm(), "on"))
    assertHTMLEqual(
        field(VisitForm(), "agreed"),
        """<div class="field"><label class="choice choice-single" for="id_agreed">
        <input type="checkbox" name="agreed" id="id_agreed"><span>已签字</span></label></div>""",
    )


@pytest.mark.parametrize(
    ("name", "value", "kind", "written"),
    [
        ("on", date(2026, 3, 10), "date", "2026-03-10"),
        ("at", time(8, 30), "time", "08:30"),
        ("since", datetime(2026, 3, 10, 8, 30), "datetime-local", "2026-03-10T08:30"),
    ],
)
def test_dates_use_the_picker_of_the_browser_and_its_only_format(name, value, kind, written):
    expected = f'<input type="{kind}" name="{name}" value="{written}" id="id_{name}" class="form-control">'
    assertInHTML(expected, field(VisitForm(initial={name: value}), name))


@pytest.mark.parametrize(("name", "written"), [("on", "2026-03-10"), ("at", "08:30"), ("since", "2026-03-10T08:30")])
def test_what_the_picker_sends_is_understood(name, written):
    form = VisitForm({"place": "2 楼", "kind": "slot", "department": "a", name: written})
    assert form.errors == {}


def test_a_hidden_field_is_only_itself():
    assertHTMLEqual(field(VisitForm(), "token"), '<input type="hidden" name="token" id="id_token">')


@pytest.mark.parametrize(
    ("left", "level", "words"),
    [
        (timedelta(days=1, hours=3), "ok", "剩 1 天 3 小时"),
        (timedelta(hours=1, minutes=20), "soon", "剩 1 小时 20 分"),
        (timedelta(days=-2), "late", "已超时 2 天"),
    ],
)
def test_a_deadline_is_words_before_it_is_colour(left, level, words):
    with time_machine.travel(NOON, tick=False):
        shown = render_to_string("partials/deadline.html", {"deadline": NOON + left, "what": "答复时限"})
    assert [f"due-{each}" for each in ("ok", "soon", "late") if f"due-{each}" in shown] == [f"due-{level}"]
    assert f"</i>{words}</span>" in shown


def test_a_move_not_open_shows_its_reason():
    move = {"verb": "conclude", "label": "办结", "allowed": False, "reason": "患者到诊登记之后才能填写诊疗结论。"}
    assertHTMLEqual(
        render_to_string("partials/move_button.html", {"move": move}),
        """<li class="move-closed" data-verb="conclude">
        <span class="move-name"><i class="ti ti-lock" aria-hidden="true"></i>办结</span>
        <span class="move-reason">患者到诊登记之后才能填写诊疗结论。</span></li>""",
    )


def test_a_move_without_facts_is_one_click_and_carries_its_version(rf):
    move = {"verb": "claim", "label": "我来办", "href": "/x/claim/", "allowed": True, "direct": True}
    shown = render_to_string("partials/move_button.html", {"move": move, "version": 7}, request=rf.get("/"))
    assertInHTML('<input type="hidden" name="version" value="7">', shown)
    assertInHTML('<button class="btn" data-verb="claim">我来办</button>', shown)
    assert [name in shown for name in ("csrfmiddlewaretoken", 'action="/x/claim/"', 'method="post"')] == [True] * 3


def test_a_refusal_lists_every_mistake_and_repeats_none():
    one = Refused("请填写转诊目的", errors=[FieldError("/purpose", "required", "请填写转诊目的")])
    assert render_to_string("partials/refusal.html", {"refusal": one}).count("请填写转诊目的") == 1
    errors = [
        FieldError("/purpose", "required", "请填写转诊目的"),
        FieldError("/history", "required", "请填写病情摘要"),
    ]
    both = render_to_string("partials/refusal.html", {"refusal": Refused("还差两项", errors=errors)})
    assertInHTML("<ul><li>请填写转诊目的</li><li>请填写病情摘要</li></ul>", both)


def test_what_people_wrote_is_never_markup():
    steps = [{"label": "留言", "at": NOON, "remark": "<script>alert(1)</script>"}]
    assert "<script>" not in render_to_string("partials/timeline.html", {"steps": steps})


def test_a_number_can_be_called_or_is_said_to_be_missing():
    assertHTMLEqual(
        render_to_string("partials/phone.html", {"number": "0839 7210001"}),
        '<a class="phone" href="tel:08397210001"><i class="ti ti-phone" aria-hidden="true"></i>0839 7210001</a>',
    )
    assertHTMLEqual(
        render_to_string("partials/phone.html", {"number": ""}), '<span class="text-muted">未登记电话</span>'
    )
