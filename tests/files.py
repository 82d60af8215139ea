"""Files to attach, made in memory: good ones, and what people and their enemies send instead."""

import struct
import zlib
from io import BytesIO

from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject


def jpeg(width=40, height=30, *, exif=None, mode="RGB", colour="navy", **more) -> bytes:
    out = BytesIO()
    picture = Image.new(mode, (width, height), colour)
    picture.save(out, "JPEG", **({"exif": exif} if exif else {}), **more)
    return out.getvalue()


def png(width=40, height=30, *, mode="RGB", colour=0, **more) -> bytes:
    out = BytesIO()
    Image.new(mode, (width, height), colour).save(out, "PNG", **more)
    return out.getvalue()


def huge_png(width=20_000, height=20_000) -> bytes:
    """400 million pixels in a hundred bytes: the head says so, no line of it is there."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b"")) + _chunk(b"IEND", b"")


def _chunk(name, body) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def pdf(pages=1, **root) -> bytes:
    """A blank PDF; `root` are entries of its catalogue."""
    return written(_paper(pages, **root))


def _paper(pages=1, **root) -> PdfWriter:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=200, height=200)
    for name, value in root.items():
        writer._root_object[NameObject(f"/{name}")] = value
    return writer


def written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def action(kind: str, **more) -> DictionaryObject:
    """An action of a PDF: `action("Launch", F="calc.exe")`."""
    entries = {NameObject("/S"): NameObject(f"/{kind}")}
    entries |= {NameObject(f"/{name}"): TextStringObject(value) for name, value in more.items()}
    return DictionaryObject(entries)


def pdf_with_script() -> bytes:
    scripts = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("1"), _script()])})
    return pdf(Names=DictionaryObject({NameObject("/JavaScript"): scripts}))


def _script() -> DictionaryObject:
    return action("JavaScript", JS="app.alert('hello');")


def pdf_with_file() -> bytes:
    writer = _paper()
    writer.add_attachment("more.exe", b"MZ")
    return written(writer)


def pdf_with_password() -> bytes:
    writer = _paper()
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer)


def pdf_with_form() -> bytes:
    return pdf(AcroForm=DictionaryObject({NameObject("/XFA"): ArrayObject()}))


def dicom(**tags) -> bytes:
    """A computed tomography without its pixels; `tags` are set on the header."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    given = {
        "SOPClassUID": CTImageStorage, "SOPInstanceUID": meta.MediaStorageSOPInstanceUID, "Modality": "CT",
        "StudyDate": "20260310", "BodyPartExamined": "CHEST", "Rows": 512, "Columns": 512,
        "PatientName": "WANG^XIUYING", "PatientID": "A-4711", "PatientSex": "F", "PatientBirthDate": "19580312",
    }  # fmt: skip
    header = FileDataset(None, {}, file_meta=meta, preamble=b"MZ" + bytes(126))
    for name, value in (given | tags).items():
        setattr(header, name, value)
    out = BytesIO()
    header.save_as(out, enforce_file_format=True)
    return out.getvalue()


PAGE = b"<!doctype html><script>alert(1)</script>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
