from .clients import register_client, revoke_client
from .memberships import add_membership, change_membership, end_membership
from .roster import add_shift, remove_shift
from .users import change_own_password, change_user, create_user, set_language, set_password, temporary_password

__all__ = [
    "add_membership",
    "add_shift",
    "change_membership",
    "change_own_password",
    "change_user",
    "create_user",
    "end_membership",
    "register_client",
    "remove_shift",
    "revoke_client",
    "set_language",
    "set_password",
    "temporary_password",
]
