"""Who is to be told of an event, and in which words. Filled by each app in its `apps.py`.

Words are made at reading or sending time in the reader's language, and never carry clinical text.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Audience:
    """A desk, a department, a duty line, the office, one user, one patient or one group robot.

    Resolved to people when it is told, and to addresses when it is sent.
    """

    institution_id: int  # of a patient: the house that looks after the telling
    unit: str  # desk | department | duty_line | office | user | patient | robot
    department_id: int | None = None
    user_id: int | None = None
    consortium_id: int | None = None  # of an office: whose; None: of every consortium the house is in
    ref: str = ""  # of a patient or robot: which, in words of the app that knows it ("patient:…"), never a number


@dataclass(frozen=True)
class Recipient:
    """Where somebody without an account is reached. Asked for when it is sent; kept and logged nowhere."""

    phone: str
    language: str


@dataclass(frozen=True)
class Words:
    """A title and one or two sentences, already in the reader's language."""

    title: str
    body: str = ""


@dataclass(frozen=True)
class Text:
    """A short message: `words` in full, and the same as a registered `template` with its `params`.

    Providers in China send registered templates only; the signature 【…】 is put before it by the channel.
    """

    template: str
    params: dict[str, str]
    words: str


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One telling: the event, who hears it, the words, and where the link leads."""

    event: str
    key: str
    audience: Callable[["events.models.Event"], list[Audience]]  # noqa: F821
    words: Callable[["events.models.Event"], Words]  # noqa: F821
    link: Callable[["events.models.Event"], str]  # noqa: F821
    channels: tuple[str, ...] = ("inbox", "email", "sms", "robot")
    urgent: bool | Callable[["events.models.Event"], bool] = False  # noqa: F821
    text: Callable[["events.models.Event"], Text] | None = None  # noqa: F821  what a patient is sent, made when sent

    def is_urgent(self, event) -> bool:
        """Whether this telling presses; some do only for some events."""
        return self.urgent(event) if callable(self.urgent) else self.urgent


_by_event: dict[str, list[Notice]] = defaultdict(list)
_visibility: dict[str, Callable[[str, "events.actor.Actor"], bool]] = {}  # noqa: F821
_recipients: dict[str, Callable[[str, "events.models.Event"], Recipient | None]] = {}  # noqa: F821


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


def register_recipient(kind: str, resolve: Callable) -> None:
    """`resolve(ref, event)` answers a `Recipient`, or None, for audiences whose ref is `"<kind>:…"`.

    None means: not to be told of this now, or not to be reached. Asked when it is sent, at every try.
    """
    _recipients[kind] = resolve


def recipient(ref: str, event) -> Recipient | None:
    """Where the one named by `ref` is reached now; None for unknown kinds."""
    resolve = _recipients.get(ref.partition(":")[0])
    return resolve(ref, event) if resolve else None
