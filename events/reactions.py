"""What an app does when another app's event happened.

A reaction is idempotent and makes no network call: its rows and the errand's done mark
commit together. It is known by `<app>.<function>`, which must not change once deployed.
"""

from collections import defaultdict
from collections.abc import Callable

from events import notices

Reaction = Callable[["events.models.Event"], None]  # noqa: F821

_by_name: dict[str, Reaction] = {}
_by_event: dict[str, set[str]] = defaultdict(set)
_on_noticed: set[str] = set()


def on(*event_names: str):
    """Register a reaction to these events."""

    def register(reaction: Reaction) -> Reaction:
        name = _name_of(reaction)
        for event_name in event_names:
            _by_event[event_name].add(name)
        return reaction

    return register


def on_noticed(reaction: Reaction) -> Reaction:
    """Register a reaction to every event somebody is to be told about."""
    _on_noticed.add(_name_of(reaction))
    return reaction


def names_for(event_name: str) -> list[str]:
    """The reactions owed to an event, in a stable order."""
    names = set(_by_event.get(event_name, ()))
    if notices.notices_for(event_name):
        names |= _on_noticed
    return sorted(names)


def find(name: str) -> Reaction:
    """The reaction of that name; KeyError when no app has it (any more)."""
    return _by_name[name]


def listened() -> set[str]:
    """Every event name some reaction asks for (used by the architecture test)."""
    return set(_by_event)


def _name_of(reaction: Reaction) -> str:
    name = f"{reaction.__module__.split('.')[0]}.{reaction.__name__}"
    known = _by_name.setdefault(name, reaction)
    if known is not reaction:
        raise ValueError(f"two reactions are called {name}")
    return name
