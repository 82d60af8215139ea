"""Numbers as the page shows them, each with the way to its rows."""

from dataclasses import dataclass

from consortium.overview.asking import address
from referrals.figures import Figure, Share
from referrals.figures.asking import NONE


@dataclass(frozen=True)
class Number:
    """A count and the list of exactly those referrals; without `url` the reader sees no single referral."""

    count: int
    url: str = ""


@dataclass(frozen=True)
class Ratio:
    """A share with both of its numbers."""

    share: Share
    part: Number
    whole: Number

    @property
    def figure(self) -> Figure:
        return self.share.figure

    @property
    def shown(self) -> str:
        return self.share.shown


@dataclass(frozen=True)
class Opener:
    """Makes the numbers for one reader and one question."""

    query: dict
    opens: bool

    def number(self, figure: str, count: int, side: str = "part", **keys) -> Number:
        if not self.opens or not count:
            return Number(count)
        given = {key: value or NONE for key, value in keys.items()}
        return Number(count, address("overview_rows", **self.query, figure=figure, side=side, **given))

    def ratio(self, share: Share, **keys) -> Ratio:
        name = share.figure.name
        part = self.number(name, share.part, **keys)
        return Ratio(share, part, self.number(name, share.whole, "whole", **keys))
