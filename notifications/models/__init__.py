from notifications.models.delivery import Delivery
from notifications.models.inbox import InboxMessage

__all__ = ["Delivery", "InboxMessage"]
