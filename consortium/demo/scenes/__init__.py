"""What happened in the demo consortium in the days before somebody looks, one scene for each patient."""

from consortium.demo.scenes import answering, ended, returning, travelling, waiting

SCENES = [*ended.SCENES, *returning.SCENES, *travelling.SCENES, *answering.SCENES, *waiting.SCENES]
