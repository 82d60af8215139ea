"""One door for forms and REST: a verb and its facts become one act."""

from django.utils.translation import gettext_lazy as _

from advice.actions import converting, talking
from toolkit.refusals import Missing

ACTS = {
    "answer": talking.answer,
    "ask_again": talking.ask_again,
    "add": talking.add,
    "close": talking.close,
    "withdraw": talking.withdraw,
    "convert": converting.convert,
}


def perform(verb: str, inquiry, *, actor, version=None, **facts):
    """Make the move `verb`; unknown verbs are `Missing`. Answers the inquiry, of `convert` the referral."""
    act = ACTS.get(verb)
    if act is None:
        raise Missing(_("没有这个操作。"))
    return act(inquiry, actor=actor, version=version, **facts)
