from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator


class NearDateField(forms.DateField):
    """A date of this century, so that weeks can be counted from it."""

    default_validators = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 1, 1))]
