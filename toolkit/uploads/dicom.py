"""DICOM (PS3.10): the header is read and believed within bounds, the picture itself is left alone.

The 128 bytes in front may hold anything, a program too; they are emptied. What the header says of the patient is
handed over for comparing, and nothing of it becomes a fact.
"""

from datetime import date
from io import BytesIO

from pydicom import config, dcmread

from .verdict import Clean, Unfit

TAGS = [
    "SOPClassUID", "SOPInstanceUID", "Modality", "StudyDate", "BodyPartExamined", "Rows", "Columns", "NumberOfFrames",
    "PatientSex", "PatientBirthDate",
]  # fmt: skip
DIRECTORY = "1.2.840.10008.1.3.10"
DOCUMENTS = "1.2.840.10008.5.1.4.1.1.104."
"""Encapsulated PDF, CDA and models: another file in a DICOM coat."""

PREAMBLE = 128
LONGEST_CODE = 16
MOST_SIDE = 65535


def clean(data: bytes, kind: str = "dicom") -> Clean:
    """The file with an empty preamble, and what its header says of the examination, or `Unfit`."""
    config.settings.reading_validation_mode = config.IGNORE
    header = dcmread(BytesIO(data), stop_before_pixels=True, specific_tags=TAGS)
    what = str(header.get("SOPClassUID", ""))
    if what == DIRECTORY or what.startswith(DOCUMENTS):
        raise Unfit("no_picture")
    if not (what and header.get("SOPInstanceUID") and "TransferSyntaxUID" in header.file_meta):
        raise Unfit("damaged")
    patient = {"sex": _code(header, "PatientSex"), "birth_date": _day(header, "PatientBirthDate")}
    return Clean("dicom", bytes(PREAMBLE) + data[PREAMBLE:], _facts(header), _filled(patient))


def _facts(header) -> dict:
    return _filled(
        {
            "modality": _code(header, "Modality"),
            "study_date": _day(header, "StudyDate"),
            "body_part": _code(header, "BodyPartExamined"),
            "rows": _number(header, "Rows"),
            "columns": _number(header, "Columns"),
            "frames": _number(header, "NumberOfFrames"),
        }
    )


def _filled(values: dict) -> dict:
    return {name: value for name, value in values.items() if value}


def _code(header, name) -> str:
    """A code string (VR CS): capitals, digits, blank, underscore. Whatever else stands there is no code."""
    value = str(header.get(name) or "").strip()
    usual = all(mark.isascii() and (mark.isupper() or mark.isdigit() or mark in " _") for mark in value)
    return value if usual and len(value) <= LONGEST_CODE else ""


def _day(header, name) -> str:
    """ISO 8601, "" where it is no date."""
    value = str(header.get(name) or "").strip()
    try:
        return date.fromisoformat(value).isoformat() if len(value) == 8 and value.isdigit() else ""
    except ValueError:
        return ""


def _number(header, name) -> int:
    value = header.get(name)
    value = str(value if value is not None else "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 5 and int(value) <= MOST_SIDE else 0
