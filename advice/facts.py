"""What each move of an inquiry takes: for the bodies of REST and the list of moves."""

from advice.workflow import LIFE

TAKES = {
    "answer": ("outcome", "text", "kind", "urgency", "department"),
    "ask_again": ("text",),
    "add": ("text",),
    "close": ("text",),
    "withdraw": ("text",),
    "convert": ("patient",),
}
"""Verb → the facts its act takes; which of them it needs, the table says."""


def needs_of(verb: str, inquiry) -> list[str]:
    """Those without which it is refused; who it is, only where the question named nobody."""
    needed = list(LIFE.moves[verb].needs)
    return needed + ["patient"] if verb == "convert" and inquiry.patient_id is None else needed
