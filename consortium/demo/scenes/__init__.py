"""What happened in the demo consortium in the days before somebody looks, one scene for each patient."""

from consortium.demo.scenes import (
    advising,
    answering,
    brief,
    ended,
    paper,
    patients_side,
    returning,
    seen,
    travelling,
    village,
    waiting,
)

SCENES = [
    *ended.SCENES, *brief.SCENES, *seen.SCENES, *paper.SCENES, *returning.SCENES, *travelling.SCENES, *answering.SCENES,
    *village.SCENES, *advising.SCENES, *waiting.SCENES, *patients_side.SCENES,
]  # fmt: skip
