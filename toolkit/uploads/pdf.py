"""PDF: kept byte for byte, so that a signature stays good, and therefore refused where it can do more than be read.

Every object the file names is looked at, whether a page uses it or not; and the bytes are searched besides, since
viewers repair broken files in their own ways and find what was struck out.
"""

from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from .verdict import Clean, Unfit

MOST_PAGES = 300
MOST_OBJECTS = 100_000
MOST_VALUES = 3_000_000
BLANK = b" \t\r\n\f\0"
VERSIONS = (b"%PDF-1.", b"%PDF-2.")

# what stands under these names acts, or carries something else along
NAMES = {
    "/JS": "active", "/JavaScript": "active", "/AA": "active", "/XFA": "active",
    "/EF": "embedded", "/EmbeddedFiles": "embedded", "/RichMediaContent": "embedded",
}  # fmt: skip
ACTIONS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute", "/GoTo3DView",
}  # fmt: skip
CARRIERS = {"/EmbeddedFile", "/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
ANYWHERE = {
    b"/JavaScript": "active", b"/Launch": "active", b"/EmbeddedFile": "embedded", b"/RichMedia": "embedded",
}  # fmt: skip


def clean(data: bytes, kind: str = "pdf") -> Clean:
    """The file as it is, with its number of pages, or `Unfit`."""
    if not data.startswith(VERSIONS):
        raise Unfit("damaged")
    reader = PdfReader(BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise Unfit("encrypted")
    _check_end(data)
    for words, code in ANYWHERE.items():
        if words in data:
            raise Unfit(code)
    _search(reader)
    pages = len(reader.pages)
    if not pages:
        raise Unfit("damaged")
    if pages > MOST_PAGES:
        raise Unfit("too_many_pages", most=MOST_PAGES)
    return Clean("pdf", data, {"pages": pages})


def _check_end(data) -> None:
    """Behind the end there is nothing: another file put there is opened by another program."""
    end = data.rfind(b"%%EOF")
    if end < 0 or data[end + 5 :].strip(BLANK):
        raise Unfit("damaged" if end < 0 else "appended")


def _search(reader) -> None:
    numbers = {(number, generation) for generation, rows in reader.xref.items() for number in rows}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise Unfit("too_complex")
    seen = _look_into(reader.trailer, 0)
    for number, generation in sorted(numbers):
        seen = _look_into(reader.get_object(IndirectObject(number, generation, reader)), seen)


def _look_into(found, seen: int) -> int:
    """Everything inside one object; what it points to is looked at on its own. Answers how many values so far."""
    waiting = [found]
    while waiting:
        value = waiting.pop()
        seen += 1
        if seen > MOST_VALUES:
            raise Unfit("too_complex")
        if isinstance(value, DictionaryObject):
            _judge(value)
            waiting.extend(value.values())
        elif isinstance(value, ArrayObject):
            waiting.extend(value)
    return seen


def _judge(entry) -> None:
    for name in entry:
        if name in NAMES:
            raise Unfit(NAMES[name])
    if _plain(entry, "/S") in ACTIONS:
        raise Unfit("active")
    if _plain(entry, "/Type") in CARRIERS or _plain(entry, "/Subtype") in CARRIERS:
        raise Unfit("embedded")
    first = _pointed_to(entry, "/OpenAction")  # a place to begin reading is harmless, anything done on opening is not
    if isinstance(first, DictionaryObject) and _plain(first, "/S") != "/GoTo":
        raise Unfit("active")


def _plain(entry, name):
    value = _pointed_to(entry, name)
    return value if isinstance(value, str) else None


def _pointed_to(entry, name):
    value = entry.get(name)
    return value.get_object() if isinstance(value, IndirectObject) else value
