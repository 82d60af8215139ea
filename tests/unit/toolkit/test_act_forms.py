"""Forms that speak with an act: every mistake at its field, all of them at once."""

import pytest
from django import forms

from toolkit.pages.forms import ActForm, AskedForm
from toolkit.refusals import Conflict, FieldError, Forbidden, Malformed, Missing, Refused, Stale


def _even(findings, pointer, value):
    if value % 2:
        findings.add(pointer, "odd", "odd")


class Form(ActForm):
    pointers = {"/job/phone": "work_phone"}
    checks = {"count": _even}

    name = forms.CharField()
    work_phone = forms.CharField(required=False)
    count = forms.IntegerField(required=True)


GIVEN = {"name": "a", "work_phone": "1", "count": "2"}


def refusing(refusal):
    def act(data):
        raise refusal

    return act


def test_what_the_act_answers():
    form = Form(GIVEN)
    assert form.attempt(lambda data: data["count"] + 1) is True
    assert (form.result, form.status) == (3, 200)


def test_a_field_left_out_does_not_hide_another_mistake_and_the_act_is_not_asked():
    form = Form({"count": "3"})
    assert form.attempt(refusing(AssertionError())) is False
    assert (form.status, sorted(form.errors), form.errors["count"]) == (422, ["count", "name"], ["odd"])


@pytest.mark.parametrize(
    ("refusal", "status", "errors"),
    [
        (Refused.of("/name", "x", "so"), 422, {"name": ["so"]}),
        (Refused.of("/name/0/first", "x", "so"), 422, {"name": ["so"]}),
        (Conflict.of("/job/phone", "x", "so"), 409, {"work_phone": ["so"]}),
        (Refused.of("/nowhere", "x", "so"), 422, {"__all__": ["so"]}),
        (Stale("gone"), 412, {"__all__": ["gone"]}),
        (
            Refused("two", errors=[FieldError("/name", "x", "one"), FieldError("", "y", "other")]),
            422, {"name": ["one"], "__all__": ["other"]},
        ),
    ],
)  # fmt: skip
def test_what_the_act_refuses(refusal, status, errors):
    form = Form(GIVEN)
    assert form.attempt(refusing(refusal)) is False
    assert (form.status, dict(form.errors)) == (status, errors)


@pytest.mark.parametrize("refusal", [Missing("x"), Forbidden("x")])
def test_what_is_no_mistake_of_the_form_passes_through(refusal):
    with pytest.raises(type(refusal)):
        Form(GIVEN).attempt(refusing(refusal))


class Asked(AskedForm):
    kind = forms.ChoiceField(label="kind", choices=[("", ""), ("slot", "")])
    number = forms.IntegerField(label="number")


def test_questions_may_be_left_out(rf):
    assert Asked.of(rf.get("/")).cleaned_data == {"kind": "", "number": None}


def test_unusable_questions_are_named_all_at_once(rf):
    with pytest.raises(Malformed) as refused:
        Asked.of(rf.get("/", {"kind": "x", "number": "y"}))
    assert [error.pointer for error in refused.value.errors] == ["/kind", "/number"]
