"""The machine-readable marks of a slip, as `data:` addresses for an <img>: they hold the referral number only."""

from urllib.parse import quote

import segno
from barcode.codex import Code128

BAR_HEIGHT, QUIET = 40, 10


def barcode(text: str) -> str:
    """Code 128 of `text`, one unit per module, with its quiet zone."""
    modules = Code128(text).build()[0]
    width = len(modules) + 2 * QUIET
    bars = "".join(f"M{start} 0h{length}v{BAR_HEIGHT}h-{length}z" for start, length in _bars(modules))
    return _address(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {BAR_HEIGHT}" width="{width}" '
        f'height="{BAR_HEIGHT}" preserveAspectRatio="none" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{width}v{BAR_HEIGHT}h-{width}z"/><path d="{bars}"/></svg>'
    )


def qr_code(text: str) -> str:
    """A QR code that survives a crease (level Q)."""
    return segno.make_qr(text, error="q").svg_data_uri(scale=4, border=2)


def _bars(modules: str):
    """(first module, length) of each dark bar."""
    start = None
    for place, module in enumerate(modules + "0"):
        if module == "1" and start is None:
            start = place
        elif module == "0" and start is not None:
            yield QUIET + start, place - start
            start = None


def _address(svg: str) -> str:
    return "data:image/svg+xml," + quote(svg)
