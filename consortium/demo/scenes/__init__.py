"""What happened in the demo consortium in the days before somebody looks, one scene for each patient."""

from consortium.demo.scenes import (
    advising,
    answering,
    brief,
    ended,
    paper,
    returning,
    seen,
    travelling,
    village,
    waiting,
)

SCENES = [
    *ended.SCENES, *brief.SCENES, *seen.SCENES, *paper.SCENES, *returning.SCENES, *travelling.SCENES, *answering.SCENES,
    *village.SCENES, *advising.SCENES, *waiting.SCENES,
]  # fmt: skip
