from .clients import ApiClient, UsedAssertion
from .duty import DutyShift
from .memberships import Membership
from .requests import IdempotentRequest
from .users import User

__all__ = ["ApiClient", "DutyShift", "IdempotentRequest", "Membership", "UsedAssertion", "User"]
