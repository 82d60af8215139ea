from datetime import date

import pytest

from records.actions import register_patient
from records.forms import PatientForm
from toolkit.refusals import Refused

from .builders import WOMAN, woman

ENTERED = {
    "number_type": "resident_id",
    "number": WOMAN,
    "number_owner": "self",
    "name": "张秀兰",
    "sex": "2",
    "birth_date": "1949-12-31",
    "phone": "13800001234",
    "address": "浙江省丽水市莲都区东山村 12 号",
    "kin_name": "李建国",
    "kin_relation": "儿子",
    "kin_phone": "13900005678",
    "insurance_kind": "resident",
}


def test_a_filled_form_is_the_data_of_the_act():
    form = PatientForm(ENTERED)
    assert form.is_valid()
    assert form.patient_data() == woman()


def test_an_unknown_patient_needs_two_fields():
    form = PatientForm({"unknown": "on", "estimated_age": "60"})
    assert form.is_valid()
    data = form.patient_data()
    assert (data.unknown, data.estimated_age, data.identifiers, data.next_of_kin) == (True, 60, [], None)


def test_the_acts_findings_stand_beside_their_fields(world):
    form = PatientForm(ENTERED | {"number": WOMAN[:-1] + "1", "name": "", "kin_name": ""})
    assert form.is_valid()
    with pytest.raises(Refused) as refused:
        register_patient(actor=world.doctor, data=form.patient_data())
    form.show(refused.value)
    assert sorted(form.errors) == ["kin_name", "name", "number"]


def test_only_what_was_altered_is_a_change(world, patient):
    entered = ENTERED | {"number": "", "phone": "13911112222", "kin_phone": ""}
    form = PatientForm(entered, initial=PatientForm.initial_for(patient))
    assert form.is_valid()
    assert form.changes() == {
        "phone": "13911112222",
        "next_of_kin": {"name": "李建国", "relation": "儿子", "phone": ""},
    }


@pytest.mark.parametrize("wrong", [{"birth_date": "1949-02-30"}, {"name": "张\x00"}, {"estimated_age": "x"}])
def test_an_impossible_shape_is_refused_by_the_form(wrong):
    assert sorted(PatientForm(ENTERED | wrong).errors) == sorted(wrong)


def test_no_birth_date_after_today_is_offered(time_machine):
    time_machine.move_to("2026-06-15T00:30:00+08:00")
    assert PatientForm().fields["birth_date"].widget.attrs["max"] == date(2026, 6, 15).isoformat()
