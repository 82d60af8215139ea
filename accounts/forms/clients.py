import json

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toolkit.pages.forms import ActForm
from toolkit.words import explained

from ..roles import FOR_CLIENTS
from .roles import RolesField


class ClientForm(ActForm):
    """A system that may call the interfaces."""

    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("例如“县医院 HIS”，显示在进展和审计记录里。"))
    roles = RolesField(label=_("角色"), codes=FOR_CLIENTS)
    scopes = forms.MultipleChoiceField(
        label=_("权限范围"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("至少选择一个权限范围。")},
    )
    expires_at = forms.DateTimeField(
        label=_("有效期至"), required=False, help_text=_("到期自动停用；留空表示长期有效。")
    )
    jwks = forms.CharField(
        label=_("公钥集（JWKS）"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("用密钥签名（private_key_jwt）的系统填写公钥，就没有密码；留空则生成一个密码。"),
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].bound_to(actor)
        scopes = settings.OAUTH2_PROVIDER["SCOPES"]
        self.fields["scopes"].choices = [(code, explained(words, code)) for code, words in scopes.items()]

    @property
    def role_options(self):
        return self.fields["roles"].options(self["roles"].value() or [])

    def clean_jwks(self):
        text = self.cleaned_data["jwks"].strip()
        if not text:
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(_('不是有效的 JSON，应为 {"keys": […]} 形式。'), code="bad_json") from error

    def clean_expires_at(self):
        moment = self.cleaned_data["expires_at"]
        if moment is not None and moment <= timezone.now():
            raise forms.ValidationError(_("有效期须晚于现在。"), code="past")
        return moment
