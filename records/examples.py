"""Examples of the OpenAPI document; a test sends each of them."""

from drf_spectacular.utils import OpenApiExample

REGISTER = {
    "name": "张秀兰",
    "sex": "2",
    "birth_date": "1949-12-31",
    "identifiers": [{"type": "resident_id", "value": "11010519491231002X", "owner": "self"}],
    "phone": "13800001234",
    "address": "浙江省丽水市莲都区东山村 12 号",
    "next_of_kin": {"name": "李建国", "relation": "儿子", "phone": "13900005678"},
    "insurance_kind": "resident",
}
REGISTER_UNKNOWN = {"unknown": True, "sex": "1", "estimated_age": 60}
REGISTER_NEWBORN = {
    "name": "李某之女",
    "sex": "2",
    "birth_date": "2026-01-05",
    "identifiers": [{"type": "resident_id", "value": "370101190102039973", "owner": "guardian"}],
}
CHANGE = {"phone": "13800004321", "identifiers": [{"type": "health_card", "value": "A12345678", "owner": "self"}]}
SEARCH = {"type": "resident_id", "value": "11010519491231002X"}
REVEAL = {"fields": ["identifiers", "address"], "reason": "核对身份并填写住院登记"}


def request(name: str, value: dict) -> OpenApiExample:
    """An example shown with the request only."""
    return OpenApiExample(name, value=value, request_only=True)
