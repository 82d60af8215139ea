"""A picture to attach in the demo: drawn, so that it is nobody's."""

from io import BytesIO
from math import exp

from PIL import Image, ImageDraw

SIZE = (1400, 760)
PAPER, GRID, INK = "#fff7f7", "#f1c9c9", "#20303f"
BEAT = 230
# where in a beat (0 to 1) a wave stands, how wide, how high in pixels: P, Q, R, S, raised ST, T
WAVES = ((0.32, 0.04, 16), (0.47, 0.008, -14), (0.5, 0.01, 120), (0.53, 0.009, -22), (0.6, 0.05, 46), (0.74, 0.055, 34))


def electrocardiogram() -> bytes:
    """Three leads of an inferior infarction as a PNG."""
    paper = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(paper)
    for at in range(0, max(SIZE), 20):
        width = 2 if at % 100 == 0 else 1
        pen.line([(at, 0), (at, SIZE[1])], GRID, width)
        pen.line([(0, at), (SIZE[0], at)], GRID, width)
    for lead in range(3):
        line = 190 + lead * 230
        pen.line([(at, line - _height(at / BEAT % 1)) for at in range(SIZE[0])], INK, 2)
    out = BytesIO()
    paper.save(out, "PNG")
    return out.getvalue()


def _height(phase: float) -> float:
    return sum(high * exp(-(((phase - middle) / wide) ** 2)) for middle, wide, high in WAVES)
