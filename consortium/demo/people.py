"""The people of the demo, the systems of its hospitals, and who is on duty."""

from datetime import timedelta

from django.conf import settings

from accounts import actions
from accounts.models import ApiClient, Membership, User
from consortium.demo import keys
from consortium.demo.places import LONG_AGO
from events.actor import system_actor

SYSTEM = system_actor()

# username, name, role, house, department, title; roles without a page of their own yet have nobody to play them
PEOPLE = (
    ("zhangjianguo", "张建国", "doctor", "chengguan", "general", "主治医师"),
    ("lixiumei", "李秀梅", "desk", "chengguan", None, "护师"),
    ("hemin", "何敏", "institution_administrator", "chengguan", None, "办公室主任"),
    ("huanglihua", "黄丽华", "desk", "county-hospital", None, "主管护师"),
    ("zhoumingyuan", "周明远", "doctor", "county-hospital", "cardiology", "主任医师"),
    ("xujing", "徐静", "doctor", "county-hospital", "neurology", "副主任医师"),
    ("songjianing", "宋佳宁", "doctor", "county-hospital", "general-surgery", "副主任医师"),
    ("wugang", "吴刚", "doctor", "county-hospital", None, "总值班医师"),
    ("sunlijun", "孙立军", "institution_administrator", "county-hospital", None, "信息科主任"),
    ("mahongmei", "马红梅", "consortium_administrator", "county-hospital", None, "医共体办公室主任"),
    ("huanbang", "胡安邦", "security_auditor", "county-hospital", None, "审计员"),
    ("linguodong", "林国栋", "doctor", "county-tcm", "bones", "副主任医师"),
    ("wanghaiyan", "王海燕", "doctor", "hekou", "general", "主治医师"),
    ("zhaozhiqiang", "赵志强", "desk", "hekou", None, "医务科长"),
    ("liuchunsheng", "刘春生", "doctor", "shiqiao", "general", "主治医师"),
    ("chenxiaolan", "陈晓兰", "family_doctor", "nanhu", None, "全科医师"),
    ("tangli", "唐丽", "desk", "nanhu", None, "护师"),
    ("tangshoucheng", "唐守成", "village_doctor", "beiguan", "general", "乡村医生"),
    ("heqiang", "贺强", "regulator", "county-hospital", None, "县卫生健康局医政科"),
)
SECOND_JOBS = (("songjianing", "doctor", "shiqiao", "general", "多点执业医师"),)
CLIENTS = ("county-hospital", "chengguan", "hekou", "shiqiao", "nanhu", "county-tcm")
CLIENT_ROLES = ("doctor", "desk")

# username, kind, department
DUTY = (
    ("huanglihua", "desk", None),
    ("xujing", "department", "neurology"),
    ("wugang", "duty_line", None),
    ("mahongmei", "office", None),
)
DUTY_LASTS = timedelta(days=7)


def build(houses: dict, hashes: dict[str, str]) -> None:
    """Accounts, jobs and clients; passwords and secrets are those of `keys`, their hashes what `hashes` has of them."""
    users = {}
    for serial, (username, name, role, house, department, title) in enumerate(PEOPLE, start=1):
        users[username] = actions.create_user(
            actor=SYSTEM, username=username, name=name, password=keys.password_of(username),
            phone=f"1380839{serial:04d}", email=f"{username}@example.org", must_change_password=False, is_demo=True,
            hashed=hashes.get(username),
        )  # fmt: skip
        _employ(users[username], serial, role, houses[house], department, title)
    for serial, (username, role, house, department, title) in enumerate(SECOND_JOBS, start=len(PEOPLE) + 1):
        _employ(users[username], serial, role, houses[house], department, title)
    for code in CLIENTS:
        _register(houses[code], hashes)


def _employ(user, serial, role, house, department, title) -> Membership:
    return actions.add_membership(
        actor=SYSTEM, user=user, institution=house, roles=[role], staff_number=f"{serial:04d}", title=title,
        department=house.departments.get(code=department) if department else None, started_on=LONG_AGO,
    )  # fmt: skip


def _register(house, hashes) -> None:
    client_id = keys.client_id_of(house.code)
    actions.register_client(
        actor=SYSTEM, institution=house, name=f"{house.label} HIS", roles=CLIENT_ROLES,
        scopes=list(settings.OAUTH2_PROVIDER["SCOPES"]), client_id=client_id,
        secret=hashes.get(client_id) or keys.secret_of(house.code),
    )  # fmt: skip


def roster(now) -> None:
    """Somebody on duty for a week from half a day ago."""
    begin = now - timedelta(hours=12)
    for username, kind, department in DUTY:
        job = Membership.objects.select_related("institution").filter(user__username=username).order_by("pk").first()
        actions.add_shift(
            actor=SYSTEM, institution=job.institution, kind=kind, membership=job, starts_at=begin,
            ends_at=begin + DUTY_LASTS,
            department=job.institution.departments.get(code=department) if department else None,
        )  # fmt: skip


def renew_keys() -> None:
    """Bring passwords and secrets in line with `keys`, after the secret key they come from was changed."""
    first = User.objects.filter(username=PEOPLE[0][0], is_demo=True).first()
    if first is None or first.check_password(keys.password_of(first.username)):
        return
    for user in User.objects.filter(is_demo=True, username__in=[row[0] for row in PEOPLE]):
        user.set_password(keys.password_of(user.username))
        user.save(update_fields=["password"])
    for client in ApiClient.objects.filter(client_id__in=[keys.client_id_of(code) for code in CLIENTS]):
        client.client_secret = keys.secret_of(client.client_id.removesuffix(keys.CLIENT_MARK))
        client.save()


def hashes() -> dict[str, str]:
    """User name or client id → hash, of the demo that stands here: making them anew would cost seconds."""
    passwords = User.objects.filter(is_demo=True).values_list("username", "password")
    secrets = ApiClient.objects.filter(client_id__endswith=keys.CLIENT_MARK).values_list("client_id", "client_secret")
    return dict(passwords) | dict(secrets)


def accounts() -> list[dict]:
    """What `var/demo.json` says of the accounts."""
    return [
        {"username": username, "password": keys.password_of(username), "role": role, "institution": house}
        for username, _name, role, house, _department, _title in PEOPLE
    ]


def clients() -> list[dict]:
    scopes = list(settings.OAUTH2_PROVIDER["SCOPES"])
    return [
        {
            "client_id": keys.client_id_of(code),
            "client_secret": keys.secret_of(code),
            "institution": code,
            "scopes": scopes,
        }
        for code in CLIENTS
    ]
