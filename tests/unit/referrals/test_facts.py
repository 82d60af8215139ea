import pytest

from referrals.actions import ACTS
from referrals.facts import FACTS
from referrals.workflow import LIFE


def test_every_act_has_its_facts():
    assert set(FACTS) == set(ACTS)


@pytest.mark.parametrize("verb", FACTS)
def test_what_the_form_calls_required_the_table_needs(verb):
    """Pages, the API document and the act must not disagree. The remark is asked for by each of them itself."""
    required = {fact.name for fact in FACTS[verb] if fact.required}
    assert required == set(LIFE.moves[verb].needs) - {"remark"}
