"""Who acts: one person or API client in one current membership, or the clock.

An actor is built by `accounts.actors` from the session or the token, never from request data.
It carries plain ids so that the layers below accounts can use it.
"""

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from toolkit.refusals import Forbidden

PERMISSION_WORDS: dict[str, str] = {}
"""Permission → what one needs, in words. Filled by the owner of the roles in its `apps.py`."""


def missing_permission(permission: str):
    """Why not, and what would change it: a lazy sentence naming what is missing."""
    needed = PERMISSION_WORDS.get(permission, permission)
    return format_lazy(_("您当前的身份不能做这件事，需要：{needed}。"), needed=needed)


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The one who acts, at one institution, with the permissions of its roles there."""

    kind: Literal["user", "client", "clock", "system"]
    id: int | None = None
    name: str = ""
    institution_id: int | None = None
    institution_code: str = ""
    institution_name: str = ""
    consortium_ids: frozenset[int] = frozenset()
    guest_ids: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    membership_id: int | None = None
    department_id: int | None = None
    staff_number: str = ""
    user_id: int | None = None
    request_id: str = ""
    address: str = field(default="", repr=False)

    @property
    def key(self) -> str:
        """A stable name for logs, throttles and idempotent requests, without personal data."""
        return f"{self.kind}:{self.id or 0}"

    @property
    def home_ids(self) -> frozenset[int]:
        """The consortia the institution is a full member of: those its people may look after, oversee or audit.

        Where it only collaborates it is a guest, and no role given to somebody at home reaches there.
        """
        return self.consortium_ids - self.guest_ids

    @property
    def is_machine(self) -> bool:
        """True for the clock and the system: they follow the table, not the role list."""
        return self.kind in ("clock", "system")

    def may(self, permission: str) -> bool:
        return self.kind == "system" or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise `Forbidden` naming what is missing, unless the actor has `permission`."""
        if not self.may(permission):
            raise Forbidden(missing_permission(permission))

    def at(self, institution) -> "Actor":
        """The same actor speaking for another institution (used by set-up commands only)."""
        return replace(
            self,
            institution_id=institution.pk,
            institution_code=institution.code,
            institution_name=institution.name,
        )


@cache
def clock_actor() -> Actor:
    """The clock: makes the moves whose time has come."""
    return Actor(kind="clock", name="clock")


@cache
def system_actor() -> Actor:
    """Set-up commands and reactions: may everything their own code path does."""
    return Actor(kind="system", name="system")
