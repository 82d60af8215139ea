"""Signing in and one's own password."""

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from toolkit.refusals import Refusal

from ..actions import change_own_password
from ..models import User


class LoginForm(AuthenticationForm):
    """User name and password; the answer never says which of the two was wrong."""

    error_messages = {
        "invalid_login": _("用户名或密码不正确。连续输错 5 次，账号将锁定 15 分钟。"),
        "inactive": _("用户名或密码不正确。连续输错 5 次，账号将锁定 15 分钟。"),
    }

    @property
    def locked(self) -> bool:
        """Whether the name has been locked after too many failures."""
        return getattr(self.request, "axes_locked_out", False)

    def clean_username(self):
        """In its one spelling, so that failures are counted for the account and not for the way it was typed."""
        name = User.objects.normalize_username(self.cleaned_data["username"])
        if len(name) > self.username_field.max_length:
            raise super().get_invalid_login_error()
        return name

    def get_invalid_login_error(self):
        if not self.locked:
            return super().get_invalid_login_error()
        minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
        words = _("连续输错次数过多，该账号已锁定 %(minutes)s 分钟。请稍后再试，或联系机构管理员。")
        return forms.ValidationError(words, code="locked", params={"minutes": minutes})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("用户名")
        self.fields["password"].label = _("密码")
        for name, field in self.fields.items():
            field.widget.attrs |= {"class": "form-control", "autocomplete": AUTOCOMPLETE[name]}


class PasswordForm(forms.Form):
    """The old password once, the new one twice. `act()` changes it, its refusal becomes a form error."""

    old_password = forms.CharField(label=_("当前密码"), strip=False, widget=forms.PasswordInput)
    new_password = forms.CharField(label=_("新密码"), strip=False, widget=forms.PasswordInput)
    again = forms.CharField(label=_("再输一次新密码"), strip=False, widget=forms.PasswordInput)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        for name, field in self.fields.items():
            field.widget.attrs |= {"class": "form-control", "autocomplete": AUTOCOMPLETE[name]}

    def clean(self):
        data = super().clean()
        if "again" in data and data.get("new_password") != data["again"]:
            self.add_error("again", _("两次输入的新密码不一致，请重新输入"))
        return data

    def act(self, actor) -> bool:
        """Change the password; False (and errors on the form) where that is refused."""
        data = self.cleaned_data
        try:
            change_own_password(actor=actor, user=self.user, old=data["old_password"], new=data["new_password"])
        except Refusal as refusal:
            for error in refusal.errors:
                self.add_error(error.pointer.strip("/"), error.detail)
            return False
        return True


AUTOCOMPLETE = {
    "username": "username",
    "password": "current-password",
    "old_password": "current-password",
    "new_password": "new-password",
    "again": "new-password",
}
