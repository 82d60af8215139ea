"""One effect and one answer for requests that arrive several times (double clicks, retries, 50 at once).

The row that reserves the key is written first, inside the act's own transaction: on PostgreSQL a rival insert of the
same key waits for that transaction to end, on SQLite the write lock makes everybody wait. Whoever comes second finds
the stored answer. If the act is refused the transaction rolls back and the key is free again.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from toolkit.refusals import Malformed, Refused

from .models import IdempotentRequest

KEPT_DAYS = 7
KEPT_HEADERS = ("Location", "ETag")
FORM_FIELD = "idempotency_key"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_NOT_CONTENT = ("csrfmiddlewaretoken", FORM_FIELD)


@dataclass(frozen=True)
class Answer:
    """What goes back to the caller: `data` is plain JSON, `headers` what must be repeated with it."""

    status: int
    data: object = None
    headers: dict = field(default_factory=dict)
    replayed: bool = False


class _Taken(Exception):
    """Somebody else's row holds the key."""


class _NotKept(Exception):
    """The act answered with an error: roll back, and hand that answer on."""

    def __init__(self, answer):
        self.answer = answer


def once(*, actor, key: str, route: str, body: bytes, act: Callable[[], Answer]) -> Answer:
    """Do `act` under `key`, or repeat its first answer. `route` names method and path, `body` is what was sent.

    Raises Malformed for a key that is none, Refused where the key came with another request before.
    """
    check_key(key)
    owner = owner_of(actor)
    digest = _digest(actor, route, body)
    for _attempt in range(3):
        try:
            return _first(owner, key, route, digest, act)
        except _NotKept as refused:
            return refused.answer
        except _Taken:
            stored = IdempotentRequest.objects.filter(actor_key=owner, key=key).first()
        if stored:
            return _again(stored, digest)
    raise Refused(_("同一请求正在处理，请稍后用相同的 Idempotency-Key 重试"), code="idempotency_key_busy")


def check_key(key: str) -> None:
    """Malformed for a key that is none."""
    if not _KEY.fullmatch(key):
        raise Malformed(_("Idempotency-Key 应为 1 至 255 个可见 ASCII 字符，例如一个 UUID"), code="bad_idempotency_key")


def owner_of(actor) -> str:
    """Keys belong to one client, or one person at one institution."""
    return f"{actor.key}@{actor.institution_id or 0}"


def location_once(request, act: Callable[[], str]) -> str:
    """For HTML forms: do `act` (it returns where to go next) once per rendered form, however often it is sent.

    The form carries the key in a hidden field, see `{% idempotency_key %}`; without one `act` is simply done.
    """
    key = request.POST.get(FORM_FIELD, "")
    if not key:
        return act()
    answer = once(
        actor=request.actor,
        key=key,
        route=f"{request.method} {request.path}",
        body=_form_body(request),
        act=lambda: Answer(302, headers={"Location": act()}),
    )
    request.form_taken = key
    return answer.headers["Location"]


@transaction.atomic
def _first(owner, key, route, digest, act) -> Answer:
    row = _reserve(owner, key, route, digest)
    answer = act()
    if answer.status >= 400:
        raise _NotKept(answer)
    row.status = answer.status
    row.answer = {"data": answer.data, "headers": dict(answer.headers)}
    row.save(update_fields=["status", "answer"])
    return answer


def _reserve(owner, key, route, digest) -> IdempotentRequest:
    try:
        with transaction.atomic():
            return IdempotentRequest.objects.create(
                actor_key=owner, key=key, route=route.split("?")[0][:255], body_hash=digest
            )
    except IntegrityError as taken:
        raise _Taken from taken


def _again(stored, digest) -> Answer:
    if stored.body_hash != digest:
        raise Refused(_("这个 Idempotency-Key 已用于另一个请求；新的请求请换一个新的键"), code="idempotency_key_reused")
    return Answer(stored.status, stored.answer["data"], stored.answer["headers"], replayed=True)


def _digest(actor, route, body) -> str:
    """One word for "the same request": route, whoever it was done for, and every byte sent."""
    whole = hashlib.sha256()
    for part in (route.encode(), str(actor.membership_id or "").encode(), body):
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def _form_body(request) -> bytes:
    fields = sorted((name, values) for name, values in request.POST.lists() if name not in _NOT_CONTENT)
    return urlencode(fields, doseq=True).encode()
