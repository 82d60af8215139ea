"""Which form an answer takes: JSON, or a refusal that says so."""

from rest_framework import exceptions
from rest_framework.negotiation import DefaultContentNegotiation


class Negotiation(DefaultContentNegotiation):
    """DRF takes `?format=xml` for an address that does not exist."""

    def filter_renderers(self, renderers, format):  # noqa: A002 - the word of DRF
        found = [renderer for renderer in renderers if renderer.format == format]
        if not found:
            raise exceptions.NotAcceptable(available_renderers=renderers)
        return found
