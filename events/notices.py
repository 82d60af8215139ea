"""Who is to be told of an event, and in which words. Filled by each app in its `apps.py`.

Words are made at reading or sending time in the reader's language, and never carry clinical text.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Audience:
    """A desk, a department, a duty line, the office or one user; resolved to people at send time."""

    institution_id: int
    unit: str  # desk | department | duty_line | office | user
    department_id: int | None = None
    user_id: int | None = None
    consortium_id: int | None = None  # of an office: whose; None: of every consortium the house is in


@dataclass(frozen=True)
class Words:
    """A title and one or two sentences, already in the reader's language."""

    title: str
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One telling: the event, who hears it, the words, and where the link leads."""

    event: str
    key: str
    audience: Callable[["events.models.Event"], list[Audience]]  # noqa: F821
    words: Callable[["events.models.Event"], Words]  # noqa: F821
    link: Callable[["events.models.Event"], str]  # noqa: F821
    channels: tuple[str, ...] = ("inbox", "email")
    urgent: bool | Callable[["events.models.Event"], bool] = False  # noqa: F821

    def is_urgent(self, event) -> bool:
        """Whether this telling presses; some do only for some events."""
        return self.urgent(event) if callable(self.urgent) else self.urgent


_by_event: dict[str, list[Notice]] = defaultdict(list)
_visibility: dict[str, Callable[[str, "events.actor.Actor"], bool]] = {}  # noqa: F821


def register(notice: Notice) -> None:
    if any(known.key == notice.key for known in _by_event[notice.event]):
        raise ValueError(f"two notices of {notice.event} are called {notice.key}")
    _by_event[notice.event].append(notice)


def notices_for(event_name: str) -> list[Notice]:
    return _by_event.get(event_name, [])


def find(event_name: str, key: str) -> Notice | None:
    """The notice of that key, or None when the words are no longer told."""
    return next((notice for notice in notices_for(event_name) if notice.key == key), None)


def noticed() -> set[str]:
    """Every event somebody is told about (used by the architecture test)."""
    return {name for name, notices in _by_event.items() if notices}


def register_visibility(kind: str, visible_to: Callable) -> None:
    """`visible_to(ref, actor)` answers for subjects `"<kind>:…"`."""
    _visibility[kind] = visible_to


def visible(ref: str, actor) -> bool:
    """May this actor know of the subject now? Unknown kinds are not visible."""
    answer = _visibility.get(ref.split(":", 1)[0])
    return bool(answer and answer(ref, actor))
