"""What the pages of this part ask for."""

from .signing import LoginForm, PasswordForm

__all__ = ["LoginForm", "PasswordForm"]
