"""Files of a referral: who attaches and withdraws, where the bytes lie, where they go on with the patient."""

import logging
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from events.actor import system_actor
from events.models import Event
from records.models import Patient
from referrals import attachments, files
from referrals.actions import attaching, change_draft
from referrals.actions.attaching import cleaned_name, withdraw_attachment
from referrals.models import Attachment, Referral, StoredFile
from referrals.notices import other_side
from referrals.showing.facts import facts_in_words
from tests import files as made
from tests.integration.referrals.attaching import STORE, attached, stored
from tests.walk import referral_at, step
from toolkit.refusals import Conflict, Forbidden, Missing, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_store")]


def said(refusal_of) -> tuple[str, str]:
    with pytest.raises((Refused, Forbidden, Conflict, Missing)) as caught:
        refusal_of()
    return type(caught.value).__name__, caught.value.code


# --- attaching --------------------------------------------------------------------------------------------------------


def test_both_sides_attach_and_the_timeline_says_so(cast):
    referral = referral_at("accepted", cast)
    first = attached(referral, cast.actors.township_doctor)
    second = attached(referral, cast.actors.core_desk, kind="ecg", title="")
    assert [(each.ordinal, each.institution.code, each.added_by_name) for each in (first, second)] == [
        (1, "chengguan", "张伟"), (2, "county-hospital", "黄丽"),
    ]  # fmt: skip
    last = referral.steps.order_by("pk").last()
    assert (last.verb, last.version, last.source, last.target) == ("attach", None, "accepted", "accepted")
    assert facts_in_words(last) == [("附件编号", "2"), ("附件类别", "心电图")]
    assert Referral.objects.get(pk=referral.pk).version == referral.version


def test_the_other_side_is_told_without_a_word_of_the_file(cast):
    referral = referral_at("accepted", cast)
    attached(referral, cast.actors.township_doctor, title="王秀英 血常规", file_name="王秀英.jpg")
    event = Event.objects.filter(name="referral.attached").get()
    assert event.facts["attachment"] == 1
    assert "王秀英" not in str(event.facts) and "attached" not in event.facts
    assert {each.institution_id for each in other_side(event)} == {referral.receiver_id}


def test_of_a_file_on_a_draft_the_receiver_hears_nothing(cast):
    referral = referral_at("draft", cast)
    attached(referral, cast.actors.township_doctor)
    event = Event.objects.filter(name="referral.attached").get()
    assert {each.institution_id for each in other_side(event)} == {referral.sender_id}


def test_a_draft_with_a_new_file_is_not_forgotten(cast):
    referral = referral_at("draft", cast)
    Referral.objects.filter(pk=referral.pk).update(
        touched_at=timezone.now() - timedelta(days=29), look_at=timezone.now() + timedelta(days=1)
    )
    attached(referral, cast.actors.township_doctor)
    assert Referral.objects.get(pk=referral.pk).look_at > timezone.now() + timedelta(days=29)


@pytest.mark.parametrize("status", ["closed", "withdrawn", "void"])
def test_what_is_over_takes_no_more(cast, status):
    referral = referral_at(status, cast)
    assert said(lambda: attached(referral, cast.actors.township_doctor)) == ("Refused", "wrong_status")
    assert stored() == set()


def test_the_twenty_first_file_is_refused_until_one_is_withdrawn(cast, settings):
    settings.ATTACHMENTS_MOST = 3
    referral, doctor = referral_at("draft", cast), cast.actors.township_doctor
    rows = [attached(referral, doctor) for _number in range(3)]
    assert said(lambda: attached(referral, doctor)) == ("Refused", "too_many_files")
    withdraw_attachment(rows[0], actor=doctor, reason="重复")
    assert attached(referral, doctor, made.pdf()).ordinal == 4


def test_twenty_is_what_a_referral_takes(settings):
    assert (settings.ATTACHMENTS_MOST, settings.ATTACHMENT_MB, settings.ATTACHMENT_MB_DICOM) == (20, 10, 20)


def test_the_same_paper_twice_is_refused_and_leaves_nothing_behind(cast):
    referral, doctor = referral_at("draft", cast), cast.actors.township_doctor
    attached(referral, doctor, made.pdf())
    assert said(lambda: attached(referral, doctor, made.pdf())) == ("Conflict", "exists")
    assert stored() == set(StoredFile.objects.values_list("key", flat=True))


def test_a_kind_must_be_named_and_a_title_be_short(cast):
    referral, doctor = referral_at("draft", cast), cast.actors.township_doctor
    assert said(lambda: attached(referral, doctor, kind="zip")) == ("Refused", "choice")
    assert said(lambda: attached(referral, doctor, title="长" * 101)) == ("Refused", "too_long")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\张伟\\血常规.pdf", "血常规.pdf"),
        ("../../etc/passwd", "passwd"),
        ("报告\u202egpj.exe", "报告gpj.exe"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("  x  y .pdf. ", "x y .pdf"),
        ("/", ""),
        ("长" * 200 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_a_name_is_kept_without_folders_and_hidden_marks(given, kept):
    assert cleaned_name(given) == kept


@pytest.mark.parametrize(
    ("header", "differs"),
    [
        ({}, None),
        ({"PatientSex": "M"}, ["sex"]),
        ({"PatientSex": "O", "PatientBirthDate": ""}, None),
        ({"PatientSex": "M", "PatientBirthDate": "19590312"}, ["sex", "birth_date"]),
    ],
)
def test_a_picture_of_somebody_else_is_noticed_and_nobody_is_named(cast, header, differs):
    referral = referral_at("draft", cast)  # a woman born on 12 March 1958
    row = attached(referral, cast.actors.township_doctor, made.dicom(**header), kind="image")
    assert row.stored.facts.get("differs") == differs
    assert [word for word in ("WANG", "4711", "1958", "1959") if word in str(row.stored.facts)] == []


def test_of_a_patient_whose_sex_is_not_stated_nothing_can_contradict(cast):
    referral = referral_at("draft", cast)
    Patient.objects.filter(pk=referral.patient_id).update(sex="9")
    row = attached(Referral.objects.get(pk=referral.pk), cast.actors.township_doctor, made.dicom(PatientSex="M"))
    assert "differs" not in row.stored.facts


# --- at rest ----------------------------------------------------------------------------------------------------------


def test_what_lies_in_the_store_names_nobody_and_cannot_be_read(cast):
    referral = referral_at("draft", cast)
    row = attached(referral, cast.actors.township_doctor, made.pdf())
    key = row.stored.key
    raw = storages[STORE].open(key).read()
    assert b"%PDF" not in raw and referral.number not in key and len(key) == 43
    assert files.read(row.stored) == made.pdf()
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, file_name FROM referrals_attachment")
        assert [each[:3] for each in cursor.fetchone()] == ["a1.", "a1."]


def test_files_put_in_each_others_place_do_not_open(cast):
    referral, doctor = referral_at("draft", cast), cast.actors.township_doctor
    one, other = attached(referral, doctor, made.pdf()).stored, attached(referral, doctor, made.pdf(2)).stored
    store = storages[STORE]
    data = store.open(one.key).read()
    store.delete(other.key)
    store.save(other.key, ContentFile(data))
    assert said(lambda: files.read(other)) == ("Missing", "file_lost")


def test_a_lost_file_is_said_and_logged_without_a_name(cast, caplog):
    row = attached(referral_at("draft", cast), cast.actors.township_doctor)
    storages[STORE].delete(row.stored.key)
    with caplog.at_level(logging.ERROR):
        assert said(lambda: files.read(row.stored)) == ("Missing", "file_lost")
    assert row.stored.key in caplog.text and "王秀英" not in caplog.text


def test_an_act_that_fails_takes_its_bytes_back(cast, monkeypatch):
    referral = referral_at("draft", cast)

    def fail(*args):
        raise RuntimeError("the row could not be written")

    monkeypatch.setattr(attaching, "_refuse_again", fail)
    with pytest.raises(RuntimeError):
        attached(referral, cast.actors.township_doctor)
    assert stored() == set()


def test_the_sweep_removes_only_old_files_without_a_row(cast, monkeypatch):
    row = attached(referral_at("draft", cast), cast.actors.township_doctor)
    storages[STORE].save("zz/zzzz", ContentFile(b"left by a killed process"))
    assert (files.sweep(), stored()) == (0, {row.stored.key, "zz/zzzz"})
    monkeypatch.setattr(files, "LEFT_ALONE", timedelta(0))
    assert (files.sweep(), stored()) == (1, {row.stored.key})


def test_the_sweep_of_a_store_nobody_used_finds_nothing(tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {
        STORE: {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "not" / "there")},
        }
    }
    assert files.sweep() == 0


def test_keys_rotate_for_files_too(cast, settings, capsys):
    row = attached(referral_at("draft", cast), cast.actors.township_doctor, made.pdf())
    settings.FIELD_KEYS = ["a new key of enough length", *settings.FIELD_KEYS]
    call_command("rotate_field_keys")
    assert "referrals.StoredFile: 1" in capsys.readouterr().out
    call_command("rotate_field_keys")
    assert "referrals.StoredFile: 0" in capsys.readouterr().out
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    now = StoredFile.objects.get(pk=row.stored_id)
    assert now.key != row.stored.key
    assert files.read(now) == made.pdf()


def test_the_database_holds_what_must_never_be_false(cast):
    referral = referral_at("draft", cast)
    row = attached(referral, cast.actors.township_doctor)
    wrong = [
        {"ordinal": 0},
        {"withdrawn_at": timezone.now()},
        {"withdrawn_reason": "无"},
    ]
    for change in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Attachment.objects.filter(pk=row.pk).update(**change)
    other = attached(referral, cast.actors.township_doctor, made.pdf())
    for change in ({"ordinal": 1}, {"stored": row.stored}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attachment.objects.filter(pk=other.pk).update(**change)


# --- withdrawing ------------------------------------------------------------------------------------------------------


def test_whose_it_is_withdraws_it_with_a_reason_and_the_row_stays(cast):
    referral = referral_at("accepted", cast)
    row = attached(referral, cast.actors.township_doctor)
    assert said(lambda: withdraw_attachment(row, actor=cast.actors.core_desk, reason="不对")) == (
        "Forbidden", "not_yours",
    )  # fmt: skip
    assert said(lambda: withdraw_attachment(row, actor=cast.actors.township_doctor, reason=" ")) == (
        "Refused", "required",
    )  # fmt: skip
    withdraw_attachment(row, actor=cast.actors.township_colleague, reason="传错患者")
    assert (row.withdrawn_by_name, row.withdrawn_reason) == ("王芳", "传错患者")
    shown = attachments.row_of(row, href="/there/")
    assert (shown["title"], shown["file_name"], shown["href"]) == ("", "", None)
    assert stored() == {row.stored.key}
    assert said(lambda: withdraw_attachment(row, actor=cast.actors.township_doctor, reason="再撤")) == (
        "Refused", "withdrawn",
    )  # fmt: skip
    last = referral.steps.order_by("pk").last()
    assert facts_in_words(last) == [("附件编号", "1"), ("原因", "传错患者")]


def test_what_was_attached_can_be_withdrawn_after_the_end(cast):
    referral = referral_at("arrived", cast)
    row = attached(referral, cast.actors.cardiologist)
    step("acknowledge", step("conclude", referral, cast), cast, follow_up_on=None)
    withdraw_attachment(row, actor=cast.actors.cardiologist, reason="传错患者")
    assert Attachment.objects.get(pk=row.pk).withdrawn_at


# --- going on ---------------------------------------------------------------------------------------------------------


def on(referral):
    return [(each.ordinal, each.institution.code, each.stored_id) for each in referral.attachments.for_showing()]


@pytest.mark.parametrize(("status", "verb"), [("submitted", "forward"), ("in_transit", "divert")])
def test_files_go_on_with_the_patient_as_rows_of_the_same_bytes(cast, status, verb):
    referral = referral_at(status, cast)
    gone = attached(referral, cast.actors.township_doctor, made.pdf())
    mine = attached(referral, cast.actors.township_doctor, made.pdf(2))
    theirs = attached(referral, cast.actors.core_desk, made.pdf(3))
    withdraw_attachment(gone, actor=cast.actors.township_doctor, reason="传错")
    new = step(verb, referral, cast)
    assert on(new) == [(1, "chengguan", mine.stored_id), (2, "county-hospital", theirs.stored_id)]
    assert len(stored()) == 3


def test_who_sends_again_takes_the_own_files_along(cast):
    referral = referral_at("submitted", cast)
    mine = attached(referral, cast.actors.township_doctor)
    attached(referral, cast.actors.core_desk)
    new = step("resubmit", step("reject", referral, cast), cast)
    assert on(new) == [(1, "chengguan", mine.stored_id)]


def test_withdrawn_in_one_place_it_is_withdrawn_everywhere(cast):
    referral = referral_at("submitted", cast)
    row = attached(referral, cast.actors.township_doctor)
    new = step("forward", referral, cast)
    carried = new.attachments.get()
    withdraw_attachment(carried, actor=cast.actors.township_doctor, reason="传错患者")
    assert [each.withdrawn_reason for each in Attachment.objects.order_by("pk")] == ["传错患者"] * 2
    last = referral.steps.order_by("pk").last()
    assert (last.verb, last.actor_kind, last.facts) == (
        "withdraw_attachment", "system", {"reason": "传错患者", "attachment": row.ordinal},
    )  # fmt: skip


def test_of_a_house_that_is_no_party_any_more_the_sender_withdraws(cast):
    referral = referral_at("submitted", cast)
    attached(referral, cast.actors.core_desk)
    carried = step("forward", referral, cast).attachments.get()
    for other in (cast.actors.core_desk, cast.actors.tcm_desk):
        assert said(lambda other=other: withdraw_attachment(carried, actor=other, reason="错"))[0] == "Forbidden"
    withdraw_attachment(carried, actor=cast.actors.township_desk, reason="错")


def test_a_machine_may_withdraw(cast):
    row = attached(referral_at("draft", cast), cast.actors.township_doctor)
    assert withdraw_attachment(row, actor=system_actor(), reason="错").withdrawn_at


def test_only_live_ones_are_asked_before_anything_is_looked_at(cast, monkeypatch):
    """A file is work: who may not attach does not set the parsers going."""
    monkeypatch.setattr(attachments, "examine", lambda *args, **more: pytest.fail("it was looked at"))
    referral = referral_at("withdrawn", cast)
    assert said(lambda: attachments.receive(referral, cast.actors.township_doctor, None)) == (
        "Refused", "wrong_status",
    )  # fmt: skip
    live = referral_at("draft", cast)
    assert said(lambda: attachments.receive(live, cast.actors.township_doctor, None)) == ("Refused", "required")


def test_files_of_one_patient_do_not_go_along_to_another(cast):
    doctor, other = cast.actors.township_doctor, cast.patient(name="赵六")
    referral = referral_at("draft", cast)
    file = attached(referral, doctor)
    with pytest.raises(Refused) as caught:
        change_draft(referral, actor=doctor, patient=other)
    assert [(error.pointer, error.code) for error in caught.value.errors] == [("/patient", "has_files")]
    assert Referral.objects.get().patient != other
    withdraw_attachment(file, actor=doctor, reason="选错患者")
    change_draft(referral, actor=doctor, patient=other)
    assert Referral.objects.get().patient == other
