"""Something that must not be done twice, and a call that asks for it."""

from accounts.idempotency import Answer, once
from events.actor import Actor

ZHANG = Actor(kind="user", id=1, institution_id=1)
ROUTE = "POST /api/v1/things/"


class Deed:
    """Something that must not be done twice."""

    def __init__(self, *answers):
        self.answers = list(answers) or [Answer(201, {"number": "R1", "name": "张三"}, {"Location": "/things/R1/"})]
        self.done = 0

    def __call__(self):
        self.done += 1
        return self.answers[min(self.done, len(self.answers)) - 1]


def send(deed, *, actor=ZHANG, key="k-1", route=ROUTE, body=b"{}"):
    return once(actor=actor, key=key, route=route, body=body, act=deed)
