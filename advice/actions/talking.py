"""What is said in the thread: the answer, a further question, a word more, the end."""

from advice.content import LONGEST_WORD, clean_answer, clean_word
from advice.transcript import HEADROOM, check_room
from advice.workflow import LIFE

ROOM_FOR_ANSWER = LONGEST_WORD + HEADROOM
"""What is asked leaves room for what is answered: nobody is given a turn he cannot take."""


def answer(inquiry, *, actor, version=None, outcome="", text="", kind="", urgency="", department=None):
    """The department's answer with its outcome; once given it may be supplemented by another.

    To refer, it says what kind, how soon, and to which department of the house (else the asked one).
    """
    text = clean_word(text)
    with LIFE.moving(inquiry, "answer", actor=actor, version=version, outcome=outcome, text=text) as passage:
        mine = passage.subject
        check_room(mine, text)
        found = clean_answer(outcome=outcome, kind=kind, urgency=urgency, department=department, inquiry=mine)
        passage.facts.update(found)
        presses = found.get("urgency") == "emergency"
        passage.facts["event_facts"] = {"outcome": outcome, "urgent": presses}
    return inquiry


def ask_again(inquiry, *, actor, version=None, text=""):
    """A further question, or what was asked for: the department's turn again, with a new limit."""
    return _say(inquiry, "ask_again", actor, version, text, keep=ROOM_FOR_ANSWER)


def add(inquiry, *, actor, version=None, text=""):
    """What has been learnt while nobody has answered yet; the limit stays."""
    return _say(inquiry, "add", actor, version, text, keep=ROOM_FOR_ANSWER)


def withdraw(inquiry, *, actor, version=None, text=""):
    """Taken back before the answer, with the reason; the asked house reads no further."""
    return _say(inquiry, "withdraw", actor, version, text)


def close(inquiry, *, actor, version=None, text=""):
    """The question is settled."""
    return _say(inquiry, "close", actor, version, text)


def _say(inquiry, verb: str, actor, version, text, *, keep=0):
    text = clean_word(text)
    with LIFE.moving(inquiry, verb, actor=actor, version=version, text=text) as passage:
        check_room(passage.subject, text, keep=keep)
    return inquiry
