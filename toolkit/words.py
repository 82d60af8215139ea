"""How words stand together in the language of the reader."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


def listed(words: Iterable) -> str:
    """One after the other: 上转、下转, or "up, down"."""
    return _("、").join(map(str, words))


def labelled(label, words) -> str:
    """What something is, then it: 日期：已过, or "Date: past"."""
    return _("%(label)s：%(words)s") % {"label": label, "words": words}


def phrased(words: Iterable) -> str:
    """As `listed`, for what has commas of its own: 甲、乙；丙."""
    return _("；").join(map(str, words))


def explained(words, more) -> str:
    """With what stands in brackets: 高血压（I10）, or "hypertension (I10)"."""
    return _("%(words)s（%(more)s）") % {"words": words, "more": more}
