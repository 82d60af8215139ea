"""A patient with his slip in his hand: his link, his browser, his answers."""

from django.test import Client
from django.urls import reverse

from referrals.actions.links import issue_link

HOME = "https://refer.example.org"
BORN = "19580312"
"""The birth date `Cast.patient` gives, as a patient types it."""


def token_of(referral, actor, made_for="slip") -> str:
    """A new link's secret."""
    return issue_link(referral, actor=actor, made_for=made_for).rpartition("/")[2]


def address_of(token: str, name: str = "patient") -> str:
    return reverse(f"referrals:{name}", args=[token])


def answers(token: str, answer: str, browser: Client | None = None, **options):
    """The question answered; the browser keeps what it was given."""
    return (browser or Client()).post(address_of(token), {"answer": answer}, **options)


def inside(token: str, answer: str = BORN) -> Client:
    """A browser behind the question."""
    browser = Client()
    assert answers(token, answer, browser).status_code == 302
    return browser
