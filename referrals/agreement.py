"""How an impression and the diagnosis that was found compare, by their ICD-10 codes. About one patient, never a score.

Same category (three characters) is "same", same chapter "chapter", else "other"; where no code stands on either side
nothing can be said ("uncoded").
"""

from bisect import bisect_right
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

SAME, CHAPTER, OTHER, UNCODED = "same", "chapter", "other", "uncoded"
AGREEMENTS = {SAME: _("相符"), CHAPTER: _("部分相符"), OTHER: _("不同"), UNCODED: _("未编码")}
_RANKS = (SAME, CHAPTER, OTHER)

CHAPTERS = (
    "A00", "C00", "D50", "E00", "F00", "G00", "H00", "H60", "I00", "J00", "K00", "L00", "M00", "N00", "O00", "P00",
    "Q00", "R00", "S00", "V01", "Z00", "U00",
)  # fmt: skip
"""The first category of each chapter of ICD-10; U comes last in the classification and before V in the alphabet."""
_STARTS = sorted(CHAPTERS)


def agreement(impression: Iterable[dict], found: Iterable[dict]) -> str:
    """A key of `AGREEMENTS`. Of the impression the main diagnosis counts, of what was found the nearest one."""
    thought = next((row["code"] for row in impression if row.get("primary") and row.get("code")), "")
    codes = [row["code"] for row in found if row.get("code")]
    if not thought or not codes:
        return UNCODED
    return min((_compared(thought, code) for code in codes), key=_RANKS.index)


def _compared(one: str, other: str) -> str:
    one, other = one[:3].upper(), other[:3].upper()
    if one == other:
        return SAME
    return CHAPTER if _chapter(one) == _chapter(other) else OTHER


def _chapter(category: str) -> int:
    return bisect_right(_STARTS, category)
