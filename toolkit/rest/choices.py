"""Coded values: a wrong one is answered with those there are."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from ..words import explained, listed


def known_words(choices) -> str:
    """`choices` as (code, words): 请从以下选择：up（上转）、down（下转）。"""
    known = listed(explained(code, words) if str(code) != str(words) else code for code, words in choices)
    return _("请从以下选择：%(known)s。") % {"known": known}


class CodeField(serializers.ChoiceField):
    """DRF's own only repeats what was sent."""

    def fail(self, key, **more):
        if key == "invalid_choice":
            raise serializers.ValidationError(known_words(self.choices.items()), code=key)
        super().fail(key, **more)
