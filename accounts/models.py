"""PLACEHOLDER so that the project starts; the owner of accounts replaces this file whole."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from oauth2_provider.models import AbstractApplication


class User(AbstractBaseUser):
    username = models.CharField(max_length=60, unique=True)
    USERNAME_FIELD = "username"
    objects = BaseUserManager()


class ApiClient(AbstractApplication):
    pass
