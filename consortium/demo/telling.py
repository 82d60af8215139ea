"""How the demo's houses tell their people: a group robot to look at, and this morning's digest.

The robot is switched off: a demo calls nobody outside.
"""

from institutions.models import Consortium, Institution
from notifications import actions
from notifications.models import Robot

HOUSE, ADMINISTRATOR = "county-hospital", "sunlijun"
ADDRESS = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-demo-demo-demo-000000000000"


def add_robot(stage) -> None:
    administrator = stage.actor(ADMINISTRATOR)
    robot = actions.add_robot(
        actor=administrator,
        institution=Institution.objects.get(code=HOUSE),
        name="服务台企业微信群",
        kind=Robot.Kind.WECOM,
        address=ADDRESS,
    )
    actions.switch_robot(actor=administrator, robot=robot, active=False)


def make_digests(now) -> None:
    """Whatever hour the demo is made at: of every house that has somebody to read it, and of the office."""
    for whose in [*Institution.objects.order_by("pk"), *Consortium.objects.order_by("pk")]:
        actions.make_digest(whose, now=now)
