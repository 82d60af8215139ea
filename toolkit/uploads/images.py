"""JPEG and PNG: decoded within bounds and written anew, so that nothing but the picture is kept.

Written anew a picture loses place, time and camera (EXIF), comments, colour profiles, thumbnails, further pictures, and
whatever was hidden behind its end. Which way is up stays.
"""

import warnings
from io import BytesIO

from PIL import Image, JpegImagePlugin

from .verdict import Clean, Unfit

MOST_PIXELS = 50_000_000
ORIENTATION = 0x0112
FORMATS = {"jpeg": "JPEG", "png": "PNG"}
KEPT = {"jpeg": set(), "png": {"transparency"}}
"""Of what Pillow knows besides the pixels, what belongs to the picture."""


def clean(data: bytes, kind: str) -> Clean:
    """The same picture without anything else, or `Unfit`."""
    picture = _opened(data, FORMATS[kind])
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_large()
    turned = picture.getexif().get(ORIENTATION)
    picture.load()
    facts = {"width": picture.width, "height": picture.height}
    if turned in (5, 6, 7, 8):
        facts = {"width": picture.height, "height": picture.width}
    return Clean(kind, _written(picture, kind, turned), facts)


def _opened(data, form):
    """Only the head is read here; what it claims is believed by nobody before the pixels are counted."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return Image.open(BytesIO(data), formats=[form])
    except Image.DecompressionBombError as error:
        raise _too_large() from error


def _too_large() -> Unfit:
    return Unfit("too_many_pixels", most=MOST_PIXELS // 1_000_000)


def _written(picture, kind, turned) -> bytes:
    more = {}
    if turned in range(2, 9):
        more["exif"] = Image.Exif()
        more["exif"][ORIENTATION] = turned
    if kind == "jpeg":
        more |= _as_it_was(picture)
        if picture.mode not in ("L", "RGB"):
            picture = picture.convert("RGB")
    picture.info = {name: picture.info[name] for name in KEPT[kind] & picture.info.keys()}
    out = BytesIO()
    picture.save(out, FORMATS[kind], **more)
    return out.getvalue()


def _as_it_was(picture) -> dict:
    """The quality it came with: not worse, and not larger."""
    if picture.mode != "RGB":
        return {"quality": 92}
    return {"qtables": picture.quantization, "subsampling": JpegImagePlugin.get_sampling(picture)}
