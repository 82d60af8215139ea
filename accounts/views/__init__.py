"""The pages of this part, a module for each noun."""

from .signing import LoginView, PasswordView, demo_login, language, memberships, sign_out, switch

__all__ = ["LoginView", "PasswordView", "demo_login", "language", "memberships", "sign_out", "switch"]
