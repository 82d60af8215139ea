"""What happens here when anything happened that somebody is to be told about."""

from events.reactions import on_noticed
from notifications import actions


@on_noticed
def tell(event):
    actions.tell(event)
