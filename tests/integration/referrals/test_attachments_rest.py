"""Files of a referral over REST: sent as a form, opened through the door of the letter, never by an id of their own."""

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from referrals.models import Attachment
from tests import files
from tests.integration.referrals.attaching import attached, looks, stored, upload
from tests.integration.referrals.speaking import Side, address, pointers, problem, raw, untouched
from tests.integration.referrals.test_query_counts import statements
from tests.walk import referral_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_store", "judged_at_home")]


def listed(referral, ordinal=None, verb="") -> str:
    path = address(referral.number) + "attachments/"
    return path + (f"{ordinal}/" if ordinal else "") + (f"{verb}/" if verb else "")


def send(side, referral, data=None, *, name="scan.jpg", key=None, **fields):
    given = {"kind": "report", "title": "血常规", "file": upload(data, name), **fields}
    given = {name: value for name, value in given.items() if value is not None}
    body = encode_multipart(BOUNDARY, given)
    headers = {"Idempotency-Key": key} if key else {}
    return raw(side, listed(referral), body, content_type=MULTIPART_CONTENT, **headers)


@pytest.fixture
def referral(cast):
    return referral_at("accepted", cast)


@pytest.fixture
def township(cast):
    return Side.of(cast, "township_doctor")


@pytest.fixture
def hospital(cast):
    return Side.of(cast, "cardiologist")


# --- attaching --------------------------------------------------------------------------------------------------------


def test_one_side_attaches_and_the_other_reads(referral, township, hospital):
    answer = send(township, referral, files.pdf(2), name="王秀英 血常规.pdf")
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert answer.headers["Location"] == f"http://testserver{told['href']}"
    rows = hospital.get(listed(referral)).json()
    assert (rows["results"], rows["next"]) == ([told], None)
    content = hospital.get(told["href"], Accept="application/pdf")
    assert content.content == files.pdf(2)
    assert {name: told[name] for name in ("ordinal", "kind", "media_type", "size", "facts", "contradicts")} == {
        "ordinal": 1, "kind": "report", "media_type": "application/pdf", "size": len(files.pdf(2)),
        "facts": {"pages": 2}, "contradicts": [],
    }  # fmt: skip
    assert (told["file_name"], told["added_by"], told["institution"]) == ("王秀英 血常规.pdf", "张伟", "chengguan")


def test_a_file_is_given_out_with_nothing_that_could_act_or_tell(referral, township):
    send(township, referral, name="王秀英.jpg")
    answer = township.get(listed(referral, 1))
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS | {
        "Content-Disposition": f'inline; filename="{referral.number}-01.jpg"'
    }
    assert "no-store" in answer.headers["Cache-Control"]


HEADERS = {
    "Content-Type": "image/jpeg",
    "Content-Disposition": "",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; "
    "form-action 'none'; base-uri 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


def test_a_scan_of_the_body_is_downloaded(referral, township):
    told = send(township, referral, files.dicom(PatientSex="M"), name="ct.dcm", kind="image").json()
    assert told["contradicts"] == ["sex"]
    assert "differs" not in told["facts"]
    answer = township.get(listed(referral, 1))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{referral.number}-01.dcm"'
    assert answer.headers["Content-Type"] == "application/dicom"


LIES = {
    "a page called a PDF": (files.PAGE, "report.pdf", "unknown_kind"),
    "a drawing called a photograph": (files.DRAWING, "photo.png", "unknown_kind"),
    "a program called an X-ray": (b"MZ" + bytes(300), "xray.dcm", "unknown_kind"),
    "nothing": (b"", "empty.pdf", "empty"),
    "400 megapixels": (files.huge_png(), "map.png", "too_many_pixels"),
    "a PDF that acts": (files.pdf_with_script(), "report.pdf", "active"),
    "half a photograph": (files.jpeg(400, 300)[:-300], "photo.jpg", "damaged"),
}


@pytest.mark.parametrize("name", LIES)
def test_what_lies_is_refused_with_the_reason(referral, township, name):
    data, called, code = LIES[name]
    answer = untouched(lambda: send(township, referral, data, name=called))
    body = problem(answer, 422)
    assert (body["code"], [each["pointer"] for each in body["errors"]]) == (code, ["/file"])
    assert stored() == set()


def test_a_lying_extension_harms_nobody(referral, township):
    """A photograph called a PDF is a photograph, and served as one."""
    told = send(township, referral, files.png(), name="report.pdf.exe").json()
    assert told["media_type"] == "image/png"
    assert township.get(told["href"]).headers["Content-Disposition"].endswith('-01.png"')


def test_what_is_missing_or_unknown_is_named(referral, township):
    assert pointers(untouched(lambda: send(township, referral, kind="zip")), 400) == ["/kind"]
    assert pointers(untouched(lambda: send(township, referral, file=None)), 400) == ["/file"]
    assert pointers(untouched(lambda: send(township, referral, file="no file")), 400) == ["/file"]
    assert pointers(untouched(lambda: send(township, referral, titel="x")), 400) == ["/titel"]
    assert pointers(untouched(lambda: send(township, referral, title="长" * 101)), 400) == ["/title"]
    problem(untouched(lambda: township.post(listed(referral), {"kind": "report"})), 415)
    problem(raw(township, listed(referral), b"rubbish", content_type="multipart/form-data"), 400)
    problem(raw(township, listed(referral), b"--x\r\n", content_type="multipart/form-data; boundary=x"), 400)


def test_a_file_too_large_for_its_kind_and_a_body_too_large_for_any(referral, township, settings):
    settings.ATTACHMENT_MB, settings.ATTACHMENT_MB_DICOM, settings.BODY_MOST = 1, 2, 3 * 2**20
    pad = bytes(2**20)
    assert problem(send(township, referral, files.pdf() + pad), 413)["code"] == "file_too_large"
    assert send(township, referral, files.dicom() + pad, kind="image").status_code in (201, 422)
    assert problem(send(township, referral, b"%PDF-" + bytes(2 * 2**20)), 413)["code"] == "file_too_large"
    body = problem(send(township, referral, bytes(4 * 2**20)), 413)
    assert body["detail"] == "提交的内容最大 3 MB，请缩小文件后再提交。"


def test_a_body_too_large_is_not_even_read(referral, township, settings):
    settings.BODY_MOST = 1000
    headers = {"Authorization": f"Bearer {township.partner.token}"}
    given = {"CONTENT_LENGTH": "5000000000", "wsgi.input": Unread()}
    answer = Client().generic("POST", listed(referral), b"", content_type=MULTIPART_CONTENT, headers=headers, **given)
    assert problem(answer, 413)["code"] == "too_large"


class Unread:
    """A body that must stay where it is."""

    def read(self, *args):
        raise AssertionError("the body was read")

    readline = read


def test_the_twenty_first_is_refused(referral, township, settings):
    settings.ATTACHMENTS_MOST = 1
    assert send(township, referral).status_code == 201
    assert problem(send(township, referral, files.pdf()), 422)["code"] == "too_many_files"


def test_uploads_are_throttled_by_person(referral, township, settings):
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates | {"upload": "1/h"}}
    assert send(township, referral).status_code == 201
    assert problem(send(township, referral, files.pdf()), 429)["code"] == "too_many"


# --- twice ------------------------------------------------------------------------------------------------------------


def test_the_same_request_with_the_same_key_has_one_effect(referral, township):
    first, again = (send(township, referral, files.pdf(), key="once-1") for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Attachment.objects.count() == len(stored() & {each.stored.key for each in Attachment.objects.all()}) == 1
    assert problem(send(township, referral, files.pdf(2), key="once-1"), 422)["code"] == "idempotency_key_reused"


def test_the_same_file_without_a_key_is_said_to_be_there(referral, township):
    send(township, referral, files.pdf())
    assert problem(send(township, referral, files.pdf()), 409)["code"] == "exists"


# --- withdrawing ------------------------------------------------------------------------------------------------------


def test_withdrawn_it_is_listed_and_opened_for_nobody(referral, township, hospital):
    send(township, referral)
    assert problem(hospital.post(listed(referral, 1, "withdraw"), {"reason": "不对"}), 403)["code"] == "not_yours"
    assert pointers(township.post(listed(referral, 1, "withdraw"), {"reason": ""}), 422) == ["/reason"]
    assert township.post(listed(referral, 1, "withdraw"), {"reason": "传错患者"}).status_code == 200
    row = hospital.get(listed(referral)).json()["results"][0]
    assert (row["title"], row["file_name"], row["facts"], row["href"]) == ("", "", {}, None)
    assert (row["withdrawn_by"], row["withdrawn_reason"]) == ("张伟", "传错患者")
    for side in (township, hospital):
        assert problem(side.get(listed(referral, 1)), 404)["code"] == "withdrawn"


# --- who reads --------------------------------------------------------------------------------------------------------


def test_every_opening_is_on_record_and_a_refused_one_is_not(referral, township, hospital):
    send(township, referral)
    before = len(looks())
    hospital.get(listed(referral))
    hospital.get(listed(referral, 1))
    township.get(listed(referral, 1))
    problem(hospital.get(listed(referral, 2)), 404)
    problem(hospital.get(listed(referral, 10**30)), 404)
    assert looks()[before:] == [
        ("attachment", "GET referrals/{number}/attachments"),
        ("attachment", "GET referrals/{number}/attachments/{ordinal}"),
        ("attachment", "GET referrals/{number}/attachments/{ordinal}"),
    ]


def test_strangers_neighbours_office_and_colleagues(cast, referral, township):
    """The rows of another referral of the same sender must not be reached through this one either."""
    send(township, referral)
    other = referral_at("accepted", cast)
    for who, status in {
        "outsider_doctor": 404, "tcm_doctor": 404, "hekou_doctor": 404, "pharmacist": 403,
        "consortium_administrator": 403,
    }.items():  # fmt: skip
        side = Side.of(cast, who)
        side.partner = cast.client(side.partner.client.institution.code, roles=ROLES.get(who, ("doctor", "desk")))
        for path in (listed(referral), listed(referral, 1)):
            assert problem(side.get(path), status)
        assert problem(send(side, referral, files.pdf()), status)
    problem(township.get(listed(other, 1)), 404)


ROLES = {"pharmacist": ("pharmacist",), "consortium_administrator": ("consortium_administrator",)}


def test_the_receiver_sees_nothing_of_a_draft_and_nothing_any_more_once_it_is_taken_back(cast, township, hospital):
    draft = referral_at("draft", cast)
    send(township, draft)
    problem(hospital.get(listed(draft, 1)), 404)
    for verb in ("withdraw", "void"):
        referral = referral_at("accepted", cast)
        attached(referral, cast.actors.township_doctor)
        assert hospital.get(listed(referral, 1)).status_code == 200
        by = "township_doctor" if verb == "withdraw" else "township_colleague"
        Side.of(cast, by).move(referral.number, verb, reason="improved")
        for path in (listed(referral), listed(referral, 1)):
            problem(hospital.get(path), 403)
            assert township.get(path).status_code == 200


def test_forwarded_it_is_read_through_the_referral_that_follows(cast, township, hospital):
    referral = referral_at("submitted", cast)
    attached(referral, cast.actors.township_doctor, files.pdf())
    desk = Side.of(cast, "core_desk")
    desk.move(referral.number, "forward", receiver="county-tcm", department="cardiology")
    successor = referral.children.get()
    third = Side.of(cast, "tcm_doctor")
    assert third.get(listed(successor, 1)).content == files.pdf()
    problem(third.get(listed(referral, 1)), 404)
    problem(desk.get(listed(referral, 1)), 403)
    problem(desk.get(listed(successor, 1)), 404)


def test_a_lost_file_is_said(referral, township, monkeypatch):
    send(township, referral)
    Attachment.objects.get().stored.__class__.objects.update(key="zz/lost")
    assert problem(township.get(listed(referral, 1)), 404)["code"] == "file_lost"


# --- cost -------------------------------------------------------------------------------------------------------------


def test_a_list_of_twenty_costs_what_a_list_of_one_costs(cast, referral, township):
    assert township.partner.token
    attached(referral, cast.actors.township_doctor)
    one = statements(lambda: township.get(listed(referral)))
    for _number in range(19):
        attached(referral, cast.actors.township_doctor)
    many = statements(lambda: township.get(listed(referral) + "?limit=50"))
    assert one == many <= 12
    assert statements(lambda: township.get(listed(referral, 20))) <= 12
