"""The base of this part's REST views.

Accounts stand above institutions and know them, so the views find their base by name, as Django finds its user model.
"""

from django.conf import settings
from django.utils.module_loading import import_string

ActorViewSet = import_string(getattr(settings, "ACTOR_VIEWSET", "accounts.rest.ActorViewSet"))
