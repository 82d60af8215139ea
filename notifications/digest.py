"""The morning's digest: counts and links for who administers, once a working day, nothing where there is nothing.

The numbers come from the apps that own them, by a registry they fill in their `apps.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from events import notices
from events.notices import Audience, Notice, Words
from notifications.audience import people_of
from notifications.models import Delivery, Digest

FROM, UNTIL = time(8), time(12)
"""Made as soon after eight as a worker is there; what was missed until noon is not made up."""
MADE = "digest.made"
LOOKS_BACK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a digest is about: one house, or everything of a consortium for its office."""

    institution_id: int | None
    consortium_id: int | None
    house_ids: frozenset[int]
    now: datetime

    @property
    def is_office(self) -> bool:
        return self.consortium_id is not None


@dataclass(frozen=True, kw_only=True)
class Section:
    """`count(scope)` answers plain facts (numbers, names of units, flat lists of them), {} for nothing to say.

    `lines(facts)` puts the same facts into words of the language active then; `link(is_office)` is where to go on.
    """

    key: str
    count: Callable[[Scope], dict]
    lines: Callable[[dict], list[str]]
    link: Callable[[bool], str] = lambda is_office: ""


_sections: list[Section] = []


def register_section(section: Section) -> None:
    if any(known.key == section.key for known in _sections):
        raise ValueError(f"two sections of the digest are called {section.key}")
    _sections.append(section)


def facts_of(scope: Scope) -> dict:
    """`<section>.<name>`: value, of all sections."""
    found = {section.key: section.count(scope) for section in _sections}
    return {f"{key}.{name}": value for key, facts in found.items() for name, value in facts.items()}


def register() -> None:
    register_section(Section(key="deliveries", count=_undelivered, lines=_undelivered_lines))
    notices.register_visibility("digest", _visible)
    notices.register(
        Notice(
            event=MADE, key="digest", audience=_administrators, words=_words, link=_link, channels=("inbox", "email")
        )
    )


def _undelivered(scope: Scope) -> dict:
    since = scope.now - LOOKS_BACK
    rows = Delivery.objects.failing().filter(institution_id__in=scope.house_ids, created_at__gte=since)
    count = rows.count()
    return {"count": count} if count else {}


def _undelivered_lines(facts) -> list[str]:
    return [_("近 7 天有 %(count)s 条通知没有送达") % facts]


def _visible(ref: str, actor) -> bool:
    """By institution or consortium, not by role: the words are counts and names of units."""
    digest = Digest.objects.filter(pk=ref.partition(":")[2]).first()
    if digest is None:
        return False
    if digest.consortium_id:
        return digest.consortium_id in actor.consortium_ids
    return digest.institution_id == actor.institution_id


def _administrators(event) -> list[Audience]:
    """Named one by one: a digest nobody is there to read alarms nobody."""
    facts = event.facts
    if facts["consortium"]:
        office = Audience(institution_id=facts["institution"], unit="office", consortium_id=facts["consortium"])
        people = people_of(office)
    else:
        administrators = Membership.objects.current().at(facts["institution"]).with_role("institution_administrator")
        people = administrators.order_by("pk")
    return [Audience(institution_id=job.institution_id, unit="user", user_id=job.user_id) for job in people]


def _words(event) -> Words:
    lines = [line for section, facts in _told(event) for line in section.lines(facts)]
    day = timezone.localtime(event.occurred_at)
    title = _("%(name)s 今日待办（%(day)s）") % {"name": event.facts["whose"], "day": f"{day:%Y-%m-%d}"}
    return Words(title, "\n".join(lines))


def _told(event):
    """(section, its facts) of what the event has something of."""
    for section in _sections:
        prefix = f"{section.key}."
        facts = {name.removeprefix(prefix): each for name, each in event.facts.items() if name.startswith(prefix)}
        if facts:
            yield section, facts


def _link(event) -> str:
    is_office = bool(event.facts["consortium"])
    links = (section.link(is_office) for section, _facts in _told(event))
    return next(filter(None, links), reverse("notifications:deliveries"))
