"""Somebody new begins: the account and the first job, both or neither."""

from contextlib import contextmanager

from django.db import transaction

from toolkit.refusals import FieldError, Refusal

from ..models import Membership
from .memberships import add_membership
from .users import create_user, temporary_password


@transaction.atomic
def hire(*, actor, institution, person, job) -> tuple[Membership, str]:
    """`person` as for `create_user`, `job` as for `add_membership`. Returns (membership, first password).

    Pointers of the refusal begin with /person or /job, because both have a telephone.
    """
    password = temporary_password()
    with _under("/person"):
        user = create_user(actor=actor, password=password, **person)
    with _under("/job"):
        membership = add_membership(actor=actor, user=user, institution=institution, **job)
    return membership, password


@contextmanager
def _under(part):
    try:
        yield
    except Refusal as refusal:
        refusal.errors = tuple(FieldError(part + each.pointer, each.code, each.detail) for each in refusal.errors)
        raise
