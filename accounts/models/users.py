"""People who can sign in. What they may do hangs on their memberships, not on the user."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from toolkit.pinyin import search_keys


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username):
        """Look-up at login; user names are kept in lower case."""
        return self.get(username=self.normalize_username(username))

    @staticmethod
    def normalize_username(username: str) -> str:
        return AbstractBaseUser.normalize_username(username or "").strip().lower()


class User(AbstractBaseUser):
    """A person. `name_keys` holds pinyin and initials for search, `is_demo` marks one-click demo accounts."""

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60)
    name_keys = models.CharField(max_length=240, blank=True, editable=False)
    phone = models.CharField(max_length=32, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(username=Lower("username")), name="accounts_user_username_lower"),
        ]

    def __str__(self):
        return self.name or self.username

    def save(self, *args, **kwargs):
        self.username = type(self).objects.normalize_username(self.username)
        self.name_keys = " ".join(search_keys(self.name))
        super().save(*args, **kwargs)

    @property
    def event_ref(self) -> str:
        return f"user:{self.pk}"
