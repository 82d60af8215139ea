"""Text that shows what it says.

Direction marks of Unicode turn what follows them around: a dose or a name can be made to read as another one (CVE
2021-42574). Chinese and English need none of them.
"""

import re

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def without_turning(sent):
    """The QueryDict of a form without them: they come along unseen when a number is copied from somewhere else."""
    if not any(TURNING.search(each) for name, values in sent.lists() for each in (name, *values)):
        return sent
    clean = sent.copy()
    for name, values in sent.lists():
        clean.setlist(name, [TURNING.sub("", value) for value in values])
    return clean
