import pytest

from toolkit import refusals
from toolkit.refusals import FieldError, Findings, Refused


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("Malformed", 400, "malformed"),
        ("Unauthenticated", 401, "unauthenticated"),
        ("Forbidden", 403, "forbidden"),
        ("Missing", 404, "not_found"),
        ("Conflict", 409, "conflict"),
        ("Stale", 412, "stale"),
        ("TooLarge", 413, "too_large"),
        ("Refused", 422, "refused"),
        ("Refusal", 422, "refused"),
        ("PreconditionRequired", 428, "precondition_required"),
        ("TooMany", 429, "too_many"),
    ],
)
def test_each_refusal_has_its_status_and_word(name, status, code):
    refusal = getattr(refusals, name)("为什么")
    assert (refusal.status, refusal.code, refusal.detail, str(refusal)) == (status, code, "为什么", "为什么")


def test_an_own_code_leaves_the_kind():
    refusal = refusals.Conflict("号源已满", code="full")
    assert (refusal.code, refusal.kind, refusals.Conflict.code) == ("full", "conflict", "conflict")


def test_without_words_the_title_speaks():
    assert str(refusals.Missing()) == "未找到"


def test_one_field():
    refusal = Refused.of("/birth_date", "future", "出生日期不能晚于今天")
    assert refusal.errors == (FieldError("/birth_date", "future", "出生日期不能晚于今天"),)
    assert (refusal.code, refusal.detail) == ("future", "出生日期不能晚于今天")


@pytest.mark.parametrize(("given", "seconds"), [(0, 1), (12.7, 12), (90, 90)])
def test_retry_after_is_whole_seconds(given, seconds):
    assert refusals.TooMany(retry_after=given).retry_after == seconds


class TestFindings:
    def test_nothing_found(self):
        findings = Findings()
        findings.raise_if_any()
        assert not findings

    def test_one_thing_keeps_its_words(self):
        findings = Findings()
        findings.add("/name", "blank", "请填写姓名")
        with pytest.raises(Refused) as caught:
            findings.raise_if_any()
        assert (caught.value.detail, caught.value.code) == ("请填写姓名", "blank")

    def test_many_things_come_at_once(self):
        findings = Findings()
        findings.add("/name", "blank", "请填写姓名")
        findings.extend([FieldError("/phone", "short", "电话过短")], under="/next_of_kin")
        with pytest.raises(refusals.Malformed) as caught:
            findings.raise_if_any(refusals.Malformed)
        assert [each.pointer for each in caught.value.errors] == ["/name", "/next_of_kin/phone"]
        assert (str(caught.value), caught.value.code) == ("有 2 处需要更正", "malformed")
