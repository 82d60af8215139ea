from notifications.models.delivery import Delivery
from notifications.models.digest import Digest
from notifications.models.inbox import InboxMessage
from notifications.models.preference import Preference
from notifications.models.robot import Robot

__all__ = ["Delivery", "Digest", "InboxMessage", "Preference", "Robot"]
