"""The figures of the overview: each defined once, counted in SQL, and opened by the same definition.

`definitions` says what a figure is, `asking` of which referrals it is asked, `measuring` counts, and
`asking.rows_of` answers the referrals behind a number. Nothing else counts referrals for people to judge by.
"""

from referrals.figures.asking import Asked, population, rows_of
from referrals.figures.definitions import FIGURES, Figure
from referrals.figures.measuring import Share
from referrals.figures.periods import PERIODS, Period, period_named

__all__ = [
    "FIGURES", "PERIODS", "Asked", "Figure", "Period", "Share", "period_named", "population", "rows_of",
]  # fmt: skip
