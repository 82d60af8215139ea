"""What a referral came out of that lives above this app. Filled by its owner in `apps.py`, keyed by `Referral.link`."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """In words and, for who may open it, with its address; `number` is what people call it by."""

    words: str
    number: str
    url: str = ""


_known: dict[str, tuple[Callable, Callable]] = {}


def register(link: str, describe: Callable, names_patient: Callable) -> None:
    """`describe(referral, actor)` answers the Origin, or None where this actor may not know of it.

    `names_patient(referral)` answers whether what it brought along was written about this very patient.
    """
    if link in _known:
        raise ValueError(f"two origins are called {link}")
    _known[link] = describe, names_patient


def is_origin(link: str) -> bool:
    """Whether what is linked like this came from above, and brought its files along."""
    return link in _known


def origin_of(referral, actor) -> Origin | None:
    """Where it came from. Asks nothing of a referral that was begun as one."""
    describe, _names = _known.get(referral.link, (None, None))
    return describe(referral, actor) if describe else None


def names_patient(referral) -> bool:
    """Whether it came from something about a named patient, whose text and files it carries."""
    _describe, names = _known.get(referral.link, (None, None))
    return bool(names and names(referral))
