"""The acts of an inquiry. Pages, REST, jobs and set-up commands all come through here."""

from advice.actions.asking import ask
from advice.actions.attaching import attach, withdraw_attachment
from advice.actions.converting import convert
from advice.actions.performing import ACTS, perform
from advice.actions.talking import add, answer, ask_again, close, withdraw

__all__ = [
    "ACTS", "add", "answer", "ask", "ask_again", "attach", "close", "convert", "perform", "withdraw",
    "withdraw_attachment",
]  # fmt: skip
