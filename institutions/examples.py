"""Examples of the OpenAPI document; a test sends each of them."""

from drf_spectacular.utils import OpenApiExample

INSTITUTION = {
    "code": "dongshan-clinic",
    "name": "东山村卫生室",
    "short_name": "东山卫生室",
    "role": "member",
    "level": "unrated",
    "type": "D600",
    "licence_number": "330109000131",
    "joined_on": "2026-01-01",
    "agreement": "医共体〔2026〕3号",
    "desk_phone": "0571-88880001",
    "handles_on": "phone",
}
INSTITUTION_CHANGE = {"desk_phone": "0571-88880002", "opening_hours": [["08:00", "12:00"], ["13:30", "17:00"]]}
DEPARTMENT = {
    "code": "stroke-unit",
    "name": "卒中单元",
    "specialty": "neurology",
    "phone": "0571-88880011",
    "takes_referrals": True,
}
DEPARTMENT_CHANGE = {"phone": "0571-88880012", "takes_referrals": False}
CAPACITY_DAY = {
    "date": "2027-03-01",
    "rows": [
        {"department": "cardiology", "kind": "slot", "session": "am", "total": 20, "referral_quota": 6},
        {
            "department": "cardiology",
            "kind": "bed",
            "session": "day",
            "total": 4,
            "referral_quota": 2,
            "booked_elsewhere": 1,
            "release_at": "2027-02-28T16:00:00+08:00",
        },
    ],
}


def request(name, value):
    """An example shown with the request only."""
    return [OpenApiExample(name, value=value, request_only=True)]
