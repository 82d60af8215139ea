import pytest

from toolkit.refusals import Malformed, PreconditionRequired
from toolkit.rest.etags import etag, parse_if_match, require_version


@pytest.mark.parametrize("version", [1, 3, 10**17])
def test_there_and_back(version):
    assert parse_if_match(etag(version)) == version


@pytest.mark.parametrize(("header", "version"), [('"3"', 3), (' "3" ', 3), ('W/"3"', 3)])
def test_what_is_understood(rf, header, version):
    assert require_version(rf.get("/", headers={"if-match": header})) == version


@pytest.mark.parametrize(
    "header", ["*", "3", '"3", "4"', '"x"', '""', '"-3"', '"3.0"', '"' + "9" * 19 + '"', '"٣"', 'w/"3"']
)
def test_what_is_not(rf, header):
    with pytest.raises(Malformed) as caught:
        parse_if_match(header)
    assert caught.value.code == "bad_if_match"


@pytest.mark.parametrize("headers", [{}, {"if-match": ""}, {"if-match": "  "}])
def test_none_at_all(rf, headers):
    with pytest.raises(PreconditionRequired):
        require_version(rf.get("/", headers=headers))
