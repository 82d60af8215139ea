"""Paper for a day without network: the township has printed some beforehand, and spoilt one."""

from referrals.actions.blanks import print_blanks, spoil_blank


def printed(stage):
    """Six sheets in the drawer, one of them wet."""
    yield stage.before.day(6, "09:20")
    blanks = print_blanks(actor=stage.actor("zhangjianguo"), count=6, direction="up")
    yield stage.before.day(4, "16:45")
    spoil_blank(blanks[2], actor=stage.actor("zhangjianguo"), reason="被水打湿，字迹不清")


SCENES = [printed]
