"""The choice of roles, each explained by what it may do."""

from django import forms
from django.utils.translation import gettext_lazy as _

from toolkit.words import phrased

from ..roles import PERMISSIONS, ROLES


def role_words(role) -> str:
    """What a role may do, as one sentence part."""
    words = [str(PERMISSIONS[permission]) for permission in PERMISSIONS if permission in role.permissions]
    return phrased(words) or str(_("目前没有单独的权限，只能接收消息"))


def grants(actor, role) -> bool:
    """Whether the actor may give or take this role."""
    return role.granted_by != "consortium.manage" or actor.may("consortium.manage")


class RolesField(forms.MultipleChoiceField):
    """Role codes, all or only `codes`. What the actor may not give or take stays as `held` has it."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, codes=tuple(ROLES), **kwargs):
        super().__init__(required=False, choices=[(code, ROLES[code].name) for code in codes], **kwargs)
        self.fixed = frozenset()
        self.held = frozenset()

    def bound_to(self, actor, held=()) -> None:
        self.fixed = frozenset(code for code, role in ROLES.items() if not grants(actor, role))
        self.held = frozenset(held)

    def clean(self, value):
        chosen = set(super().clean(value)) - self.fixed
        chosen |= self.held & self.fixed
        if not chosen:
            raise forms.ValidationError(_("至少选择一个角色。"), code="required")
        return [code for code in ROLES if code in chosen]

    def options(self, chosen) -> list[dict]:
        """What the template shows: code, name, words, whether it is chosen, whether it may be changed."""
        return [
            {
                "code": code,
                "name": role.name,
                "words": role_words(role),
                "chosen": code in (self.held if code in self.fixed else chosen),
                "fixed": code in self.fixed,
            }
            for code, role in ((code, ROLES[code]) for code, _name in self.choices)
        ]
