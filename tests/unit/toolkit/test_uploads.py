"""What a file is, its content says; what could harm a reader is refused with a sentence that says what helps."""

import subprocess
from io import BytesIO

import pytest
from PIL import Image
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NullObject

from tests import files
from toolkit.refusals import Refused, TooLarge
from toolkit.uploads import KINDS, Unfit, child, examine, judging
from toolkit.uploads.images import ORIENTATION

PLENTY = dict.fromkeys(KINDS, 2**20)
GPS = 0x8825


def verdict(data) -> str:
    """The kind, or the word for why not: what the child would answer."""
    head, _body = child._spoken(data)
    return head.get("kind") or head["code"]


def pixels(data):
    with Image.open(BytesIO(data)) as picture:
        return picture.size, picture.convert("RGB").tobytes()


# --- what it is -------------------------------------------------------------------------------------------------------

GOOD = {"jpeg": files.jpeg(), "png": files.png(), "pdf": files.pdf(), "dicom": files.dicom()}


@pytest.mark.parametrize("kind", GOOD)
def test_good_files_are_known_by_their_content(kind):
    assert verdict(GOOD[kind]) == kind


BAD = {
    "an empty file": (b"", "empty"),
    "a page": (files.PAGE, "unknown_kind"),
    "a drawing with script": (files.DRAWING, "unknown_kind"),
    "a program": (b"MZ" + bytes(500), "unknown_kind"),
    "an archive": (b"PK\x03\x04" + bytes(500), "unknown_kind"),
    "a moving picture": (b"GIF89a" + bytes(500), "unknown_kind"),
    "a page with a PDF behind it": (files.PAGE + files.pdf(), "unknown_kind"),
    "a phone's own format": (b"\0\0\0\x18ftypheic" + bytes(100), "heic"),
    "a PDF in the preamble of a DICOM": (b"%PDF-1.7" + files.dicom()[8:], "two_kinds"),
    "a picture of 400 megapixels": (files.huge_png(), "too_many_pixels"),
    "a truncated JPEG": (files.jpeg(400, 300)[:-300], "damaged"),
    "a JPEG that only begins so": (b"\xff\xd8\xff" + bytes(1000), "damaged"),
    "a truncated PNG": (files.png(400, 300)[:60], "damaged"),
    "a PDF with a password": (files.pdf_with_password(), "encrypted"),
    "a PDF with JavaScript": (files.pdf_with_script(), "active"),
    "a PDF that opens an address": (files.pdf(OpenAction=files.action("URI", URI="http://example.org")), "active"),
    "a PDF that starts a program": (files.pdf(OpenAction=files.action("Launch", F="calc.exe")), "active"),
    "a PDF that acts on closing": (
        files.pdf(AA=DictionaryObject({NameObject("/WC"): files.action("Named")})), "active"),
    "a PDF with a dynamic form": (files.pdf_with_form(), "active"),
    "a PDF with a file inside": (files.pdf_with_file(), "embedded"),
    "a PDF with an archive behind it": (files.pdf() + b"PK\x05\x06" + bytes(18), "appended"),
    "a PDF of 301 pages": (files.pdf(301), "too_many_pages"),
    "a PDF without pages": (files.pdf(0), "damaged"),
    "a truncated PDF": (files.pdf()[:-200], "damaged"),
    "a PDF that only begins so": (b"%PDF-1.7\n" + b"x" * 1000 + b"%%EOF", "damaged"),
    "a DICOM of nothing": (bytes(128) + b"DICM", "damaged"),
    "a DICOM of rubbish": (bytes(128) + b"DICM" + b"\xff" * 500, "damaged"),
    "a DICOM cut off in its header": (files.dicom()[:300], "damaged"),
    "a DICOM that is a document": (files.dicom(SOPClassUID="1.2.840.10008.5.1.4.1.1.104.1"), "no_picture"),
    "a DICOM directory": (files.dicom(SOPClassUID="1.2.840.10008.1.3.10"), "no_picture"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", BAD)
def test_what_is_not_taken(name):
    data, why = BAD[name]
    assert verdict(data) == why


def test_every_reason_has_its_sentence():
    """And no sentence is left over for a reason nobody gives."""
    given = {why for _data, why in BAD.values()} | {"too_complex", "too_slow"}
    assert given == set(judging.WORDS)


# --- pictures ---------------------------------------------------------------------------------------------------------


def camera(turned=6):
    exif = Image.Exif()
    exif[ORIENTATION], exif[0x010F], exif[0x0132] = turned, "ACME Phone", "2026:03:10 08:00:00"
    exif.get_ifd(GPS)[1] = "N"
    return exif


@pytest.mark.parametrize("make", [files.jpeg, files.png])
def test_a_photograph_loses_place_time_and_camera_but_not_which_way_is_up(make):
    found = child.judge(make(exif=camera()))
    with Image.open(BytesIO(found.data)) as picture:
        assert dict(picture.getexif()) == {ORIENTATION: 6}
    assert found.facts == {"width": 30, "height": 40}
    assert b"ACME" not in found.data


def test_an_upright_photograph_keeps_no_exif_at_all():
    assert b"Exif" not in child.judge(files.jpeg(exif=camera(1))).data


def test_a_photograph_loses_its_comment_its_profile_and_what_hides_behind_its_end():
    came = files.jpeg(comment=b"Wang Xiuying", icc_profile=b"secret profile") + b"<script>alert(1)</script>"
    found = child.judge(came).data
    assert [word for word in (b"Wang", b"secret", b"<script>") if word in found] == []
    assert pixels(found) == pixels(came)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_any_depth_stays_the_same_picture(mode):
    came = files.png(mode=mode, colour=1 if mode == "1" else 7)
    with Image.open(BytesIO(child.judge(came).data)) as picture:
        assert picture.mode == Image.open(BytesIO(came)).mode
    assert pixels(child.judge(came).data) == pixels(came)


@pytest.mark.parametrize(("mode", "colour"), [("L", 9), ("CMYK", (1, 2, 3, 4))])
def test_scanners_and_print_shops_are_understood(mode, colour):
    assert verdict(files.jpeg(mode=mode, colour=colour)) == "jpeg"


def test_of_a_phones_two_pictures_in_one_the_first_is_kept():
    out = BytesIO()
    second = Image.new("RGB", (40, 30), "red")
    Image.new("RGB", (40, 30)).save(out, "MPO", save_all=True, append_images=[second])
    with Image.open(BytesIO(child.judge(out.getvalue()).data)) as picture:
        assert (picture.format, getattr(picture, "n_frames", 1)) == ("JPEG", 1)


# --- PDF and DICOM ----------------------------------------------------------------------------------------------------


def test_a_pdf_stays_as_it_is_so_that_its_signature_holds():
    found = child.judge(files.pdf(3))
    assert (found.data, found.facts) == (files.pdf(3), {"pages": 3})


def test_a_pdf_may_say_where_reading_begins():
    assert verdict(files.pdf(OpenAction=ArrayObject([NullObject(), NameObject("/Fit")]))) == "pdf"
    assert verdict(files.pdf(OpenAction=files.action("GoTo", D="first"))) == "pdf"


def test_a_script_is_found_under_an_escaped_name_too():
    """`#53` is S: viewers read it so."""
    came = files.pdf_with_script().replace(b"/JavaScript", b"/Java#53cript").replace(b"/JS", b"/J#53")
    assert b"/JavaScript" not in came
    with pytest.raises(Unfit, match="active"):
        child.judge(came)


def test_a_script_is_found_where_no_page_leads():
    """Struck out of the table of contents it may be brought back by a viewer that repairs."""
    came = files.pdf().replace(b"startxref", b"9 0 obj << /S /JavaScript >> endobj\nstartxref")
    assert verdict(came) == "active"


def test_a_dicom_tells_of_the_examination_and_names_nobody():
    found = child.judge(files.dicom())
    assert found.facts == {
        "modality": "CT", "study_date": "2026-03-10", "body_part": "CHEST", "rows": 512, "columns": 512,
    }  # fmt: skip
    assert found.patient == {"sex": "F", "birth_date": "1958-03-12"}


def test_nothing_hides_in_front_of_a_dicom():
    came = files.dicom()
    assert came[:2] == b"MZ"
    assert child.judge(came).data == bytes(128) + came[128:]


@pytest.mark.filterwarnings("ignore")
def test_what_is_no_code_and_no_date_is_not_repeated():
    found = child.judge(files.dicom(BodyPartExamined="<b>", StudyDate="20269999", PatientSex="male?"))
    assert {"body_part", "study_date"} & set(found.facts) == set()
    assert set(found.patient) == {"birth_date"}


# --- the child process ------------------------------------------------------------------------------------------------


def test_the_verdict_comes_from_a_process_of_its_own_without_our_secrets(monkeypatch):
    monkeypatch.setenv("FIELD_KEYS", "secret")
    seen = {}
    real = subprocess.run

    def run(*args, **options):
        seen.update(options["env"])
        return real(*args, **options)

    monkeypatch.setattr(subprocess, "run", run)
    assert examine(files.pdf(2), most=PLENTY).facts == {"pages": 2}
    assert set(seen) <= set(judging.PASSED_ON)


def test_a_refusal_of_the_child_becomes_a_sentence():
    with pytest.raises(Refused) as caught:
        examine(files.huge_png(), most=PLENTY)
    assert str(caught.value) == "图片过大，最多 50 百万像素；请缩小后上传。"
    assert [(each.pointer, each.code) for each in caught.value.errors] == [("/file", "too_many_pixels")]


def test_a_file_larger_than_its_kind_may_be_is_not_looked_into(monkeypatch):
    monkeypatch.setattr(judging, "_run", lambda data: pytest.fail("it was looked into"))
    with pytest.raises(TooLarge) as caught:
        examine(files.pdf() + bytes(2**20), most=PLENTY)
    assert str(caught.value) == "文件最大 1 MB，请缩小后上传。"


@pytest.mark.parametrize("left", [b"", b'{"kind": "pdf", "facts": {}, "patient": {}, "size": 9}\n%PDF'])
def test_a_child_that_dies_of_the_file_has_refused_it(monkeypatch, left):
    monkeypatch.setattr(judging, "_run", lambda data: left)
    with pytest.raises(Refused) as caught:
        examine(files.pdf(), most=PLENTY)
    assert caught.value.code == "too_slow"


def test_a_child_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(judging, "SECONDS", 0.001)
    with pytest.raises(Refused) as caught:
        examine(files.pdf(), most=PLENTY)
    assert caught.value.code == "too_slow"
    assert judging.AT_ONCE.acquire(blocking=False)
    judging.AT_ONCE.release()
