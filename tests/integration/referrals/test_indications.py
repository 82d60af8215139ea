"""Indications on a referral: proposed while it is written, kept when it is sent, switched by the office."""

import html
import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from referrals import actions
from referrals.actions.switching import switch_indication
from referrals.indications.loading import write_missing
from referrals.models import Indication, IndicationSwitch, Referral
from tests.integration.referrals.pages import HTMX, statements, words_in
from tests.integration.referrals.sheets import NEW, sheet
from tests.integration.referrals.speaking import ROOT, Side, address, letter
from tests.walk import referral_at, step
from toolkit.refusals import Conflict, Forbidden, Missing, Refused

pytestmark = pytest.mark.django_db

PROPOSALS, RULES = reverse("referrals:proposals"), reverse("referrals:indications")
SEVERE = {
    "diagnoses-0-text": "高血压病",
    "diagnoses-0-code": "I10.x00",
    "vitals_systolic": "186",
    "vitals_diastolic": "96",
}
PRESSURE = "htn-urgent-pressure"


def switch(cast, on=False, code=PRESSURE, who="consortium_administrator", reason="本地按新指南执行"):
    return switch_indication(
        actor=getattr(cast.actors, who), consortium=cast.consortium, code=code, on=on, reason=reason
    )


def proposed(answer) -> list[str]:
    return re.findall(r'name="declined_indications" id="decline-([a-z0-9-]+)"', answer.content.decode())


def tickable(answer) -> set[str]:
    return set(re.findall(r'name="signs" id="sign-([a-z0-9_]+)"', answer.content.decode()))


def kept(referral) -> list[tuple]:
    referral.refresh_from_db()
    return [(each["rule"], each["version"]) for each in referral.indications]


class TestWriting:
    def ask(self, cast, **given):
        return cast.browser("township_doctor").post(PROPOSALS, sheet(**given), headers=HTMX)

    def test_what_holds_stands_with_evidence_source_and_urgency(self, cast):
        answer = self.ask(cast, patient=cast.patient(), **SEVERE)
        assert proposed(answer) == [PRESSURE]
        said = words_in(answer)
        assert "收缩压 186 mmHg（≥180）" in said and "国家基本公共卫生服务规范（第三版）" in said and "加急" in said
        assert 'data-take-urgency="urgent" data-take-reason="critical"' in answer.content.decode()

    def test_only_signs_of_this_patient_are_asked(self, cast):
        broken = {"diagnoses-0-text": "骨折", "diagnoses-0-code": "", "vitals_systolic": "", "vitals_diastolic": ""}
        plain = tickable(self.ask(cast, **broken))
        assert "undiagnosed" in plain and "speech_or_limb" not in plain and "severe_jaundice" not in plain
        assert "speech_or_limb" in tickable(self.ask(cast, **SEVERE))
        newborn = cast.patient(born=timezone.localdate(), identifiers=[], sex="1", birth_date=timezone.localdate())
        assert "severe_jaundice" in tickable(self.ask(cast, patient=newborn))
        assert "condition_stable" in tickable(self.ask(cast, direction="down"))

    def test_nothing_strange_breaks_it(self, cast):
        strange = sheet() | {"vitals_systolic": "很高\0", "signs": ["nonsense", "speech_or_limb"], "onset_at": "昨天",
                   "patient": "P0", "direction": "上天", "receiver": "nowhere", "number": "R1"}  # fmt: skip
        assert cast.browser("township_doctor").post(PROPOSALS, strange, headers=HTMX).status_code == 200
        assert self.ask(cast, **SEVERE | {"vitals_systolic": "１８６", "vitals_spo2": "900"}).status_code == 200

    def test_a_reader_without_the_pen_is_told_why(self, cast):
        assert cast.browser("consortium_administrator").post(PROPOSALS, sheet(), headers=HTMX).status_code == 403

    def test_the_whole_page_shows_it_too(self, cast):
        draft = referral_at("draft", cast, diagnoses=[{"text": "高血压"}], vitals={"systolic": 186, "diastolic": 96})
        page = cast.browser("township_doctor").get(reverse("referrals:edit", args=[draft.number]))
        assert proposed(page) == [PRESSURE]

    def test_what_was_ticked_and_declined_comes_back_and_only_the_rest_is_kept(self, cast):
        given = SEVERE | {"signs": ["speech_or_limb", "undiagnosed"], "declined_indications": [PRESSURE]}
        answer = cast.browser("township_doctor").post(NEW, sheet(cast.patient(), **given))
        referral = Referral.objects.get()
        assert answer.url == reverse("referrals:detail", args=[referral.number])
        assert (referral.signs, referral.declined_indications) == (given["signs"], [PRESSURE])
        assert kept(referral) == [("htn-stroke", 1), ("up-undiagnosed", 1)]
        detail = cast.browser("core_desk").get(answer.url)
        assert "血压 ≥180/110 mmHg 伴剧烈头痛" in words_in(detail) and "言语障碍或肢体瘫痪" in words_in(detail)
        slip = words_in(cast.browser("township_doctor").get(reverse("referrals:slip", args=[referral.number])))
        assert "不能确诊的疑难复杂病例" in slip

    def test_an_unknown_sign_is_refused_with_those_there_are(self, cast):
        draft = referral_at("draft", cast)
        with pytest.raises(Refused) as refused:
            actions.change_draft(draft, actor=cast.actors.township_doctor, signs=["sneezes"])
        assert [each.pointer for each in refused.value.errors] == ["/signs/0"]


class TestKept:
    def test_the_text_stays_as_it_was(self, cast):
        sent = referral_at("submitted", cast, vitals={"systolic": 186, "diastolic": 96})
        before = sent.indications
        old = Indication.objects.get(code=PRESSURE)
        new = {
            name: getattr(old, name)
            for name in ("code", "topic", "direction", "urgency", "reason", "source", "applies")
        }
        new |= {"version": 2, "text_zh": "新条文", "text_en": "new", "valid_from": date(2026, 2, 1)}
        Indication.objects.create(**new, holds={"field": "systolic", "op": ">=", "value": 170, "unit": "mmHg"})
        sent.refresh_from_db()
        assert sent.indications == before and kept(sent) == [(PRESSURE, 1)]
        assert kept(referral_at("submitted", cast, vitals={"systolic": 172, "diastolic": 96})) == [(PRESSURE, 2)]

    def test_papers_brought_afterwards_count(self, cast):
        green = referral_at("submitted", cast, green_channel="chest_pain", urgency="emergency", kind="emergency",
                            diagnoses=[], consent=None, vitals={}, caller_phone="13900000000")  # fmt: skip
        assert kept(green) == []
        actions.change_draft(
            green, actor=cast.actors.township_doctor, vitals={"systolic": 190}, diagnoses=[{"text": "高血压"}]
        )
        assert kept(green) == [(PRESSURE, 1)]

    def test_it_blocks_nothing_and_creates_nothing(self, cast):
        sent = referral_at("submitted", cast, urgency="routine", vitals={"systolic": 250, "diastolic": 150})
        assert (sent.urgency, Referral.objects.count()) == ("routine", 1)

    def test_clinical_like_the_rest(self, cast):
        sent = referral_at("submitted", cast, vitals={"systolic": 186, "diastolic": 96}, signs=["speech_or_limb"])
        listed = Referral.objects.as_rows().get(pk=sent.pk)
        assert {"signs", "declined_indications", "indications"} <= listed.get_deferred_fields()
        facts = [str(event.facts) for event in Event.objects.filter(subject=sent.event_ref)]
        assert not any("htn-" in each or "speech" in each for each in facts)
        office = cast.browser("consortium_administrator").get(reverse("referrals:detail", args=[sent.number]))
        assert "≥180" not in html.unescape(office.content.decode())

    def test_down_again_with_the_facts_of_the_stay(self, cast):
        back = step("refer_back", referral_at("concluded", cast), cast)
        page = cast.browser("cardiologist").get(reverse("referrals:edit", args=[back.number]))
        assert "本次住院" in words_in(page) and "condition_stable" in tickable(page)
        assert not tickable(page) & {"undiagnosed", "speech_or_limb"}


class TestRest:
    def test_signs_are_taken_and_indications_answered(self, cast):
        side = Side.of(cast, "township_doctor")
        body = letter(cast.patient().public_id) | {"signs": ["undiagnosed"], "vitals": {"systolic": 186}}
        made = side.post(ROOT, body).json()
        assert made["signs"] == ["undiagnosed"]
        found = {each["rule"]: each for each in made["indications"]}
        assert found[PRESSURE]["evidence"] == [{"field": "systolic", "value": 186, "unit": "mmHg", "condition": "≥180"}]
        assert set(found) == {PRESSURE, "up-undiagnosed"}
        refused = side.post(ROOT, body | {"indications": []})
        assert refused.status_code in (400, 422)

    def test_the_list_carries_none(self, cast):
        referral_at("submitted", cast, vitals={"systolic": 186, "diastolic": 96})
        row = Side.of(cast, "core_desk").get(f"{ROOT}?box=incoming").json()["results"][0]
        assert "indications" not in row and "signs" not in row

    def test_reading_a_draft(self, cast):
        draft = referral_at("draft", cast, vitals={"systolic": 186, "diastolic": 96})
        read = Side.of(cast, "township_doctor").get(address(draft.number)).json()
        assert [each["rule"] for each in read["indications"]] == [PRESSURE]


class TestTheOffice:
    def test_switches_off_and_on_with_a_reason(self, cast):
        switch(cast)
        assert kept(referral_at("submitted", cast, vitals={"systolic": 186, "diastolic": 96})) == []
        with pytest.raises(Conflict):
            switch(cast)
        switch(cast, on=True, reason="恢复")
        assert kept(referral_at("submitted", cast, vitals={"systolic": 186, "diastolic": 96})) == [(PRESSURE, 1)]
        rows = list(IndicationSwitch.objects.order_by("id").values_list("on", "reason", "by_name"))
        assert rows == [(False, "本地按新指南执行", "马超"), (True, "恢复", "马超")]
        names = list(Event.objects.filter(name__startswith="indication.").order_by("id").values_list("name", "facts"))
        assert names == [
            ("indication.switched_off", {"rule": PRESSURE}),
            ("indication.switched_on", {"rule": PRESSURE}),
        ]

    def test_nobody_else_does(self, cast):
        with pytest.raises(Forbidden):
            switch(cast, who="core_desk")
        with pytest.raises(Missing):
            switch(cast, who="outsider_office")
        with pytest.raises(Refused):
            switch(cast, reason=" ")
        with pytest.raises(Missing):
            switch(cast, code="htn-nothing")

    def test_on_the_page(self, cast):
        office, doctor = cast.browser("consortium_administrator"), cast.browser("township_doctor")
        page = reverse("referrals:indication", args=[PRESSURE])
        assert office.post(page, {"reason": ""}).status_code == 422
        assert office.post(page, {"reason": "本地按新指南执行"}).url == RULES
        seen = words_in(doctor.get(RULES))
        assert "本地按新指南执行" in seen and "已停用" in seen and "马超" in seen
        assert page not in doctor.get(RULES).content.decode()
        assert cast.browser("outsider_doctor").get(RULES).context["topics"]
        assert "已停用" not in words_in(cast.browser("outsider_doctor").get(RULES))

    def test_the_page_costs_the_same_for_much_history(self, cast):
        browser = cast.browser("township_doctor")
        browser.get(RULES)
        with statements() as few:
            browser.get(RULES)
        for number in range(30):
            switch(cast, on=bool(number % 2), reason=f"第 {number} 次")
        with statements() as many:
            browser.get(RULES)
        assert len(few) == len(many) <= 12


def test_every_version_is_there_and_nothing_old_is_touched(cast):
    row = Indication.objects.get(code=PRESSURE)
    Indication.objects.filter(pk=row.pk).update(text_zh="当时的条文")
    Indication.objects.filter(code="htn-stroke").delete()
    count = Indication.objects.count()
    write_missing()
    assert Indication.objects.count() == count + 1
    row.refresh_from_db()
    assert row.text_zh == "当时的条文"
