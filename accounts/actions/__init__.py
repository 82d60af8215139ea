from .clients import register_client, revoke_client
from .hiring import hire
from .memberships import add_membership, change_membership, end_membership
from .roster import add_shift, remove_shift
from .roster_weeks import add_shifts, copy_roster
from .users import change_own_password, change_user, create_user, set_language, set_password, temporary_password

__all__ = [
    "add_membership",
    "add_shift",
    "add_shifts",
    "change_membership",
    "change_own_password",
    "change_user",
    "copy_roster",
    "create_user",
    "end_membership",
    "hire",
    "register_client",
    "remove_shift",
    "revoke_client",
    "set_language",
    "set_password",
    "temporary_password",
]
