"""Which kind of file some bytes are. Names and declared types lie; the first bytes are what programs go by."""

from .verdict import Unfit

SIGNATURES = (
    ("jpeg", 0, b"\xff\xd8\xff"),
    ("png", 0, b"\x89PNG\r\n\x1a\n"),
    ("pdf", 0, b"%PDF-"),
    ("dicom", 128, b"DICM"),
)
"""Kind, where its mark stands, the mark (ISO 10918-1, RFC 2083, ISO 32000-1, DICOM PS3.10)."""

PHONES_OWN = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1")


def kind_of(data: bytes) -> str:
    """The kind, or `Unfit`: nothing, none of ours, or two at once, which only somebody with a purpose makes."""
    if not data:
        raise Unfit("empty")
    found = [kind for kind, at, mark in SIGNATURES if data[at : at + len(mark)] == mark]
    if len(found) > 1:
        raise Unfit("two_kinds")
    if not found:
        raise Unfit("heic" if data[4:12] in PHONES_OWN else "unknown_kind")
    return found[0]
