"""The code lists of persons and patients, served to clients under these slugs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sex(TextChoices):
    """GB/T 2261.1."""

    UNKNOWN = "0", _("未知的性别")
    MALE = "1", _("男")
    FEMALE = "2", _("女")
    UNSTATED = "9", _("未说明的性别")


class IdentifierType(TextChoices):
    """Kinds of number a patient can carry (CV02.01.101 and the numbers of health care)."""

    RESIDENT_ID = "resident_id", _("居民身份证")
    RESIDENT_ID_15 = "resident_id_15", _("15 位旧身份证号")
    HEALTH_RECORD = "health_record", _("居民健康档案编号")
    BIRTH_CERTIFICATE = "birth_certificate", _("出生医学证明")
    HK_MACAO_PERMIT = "hk_macao_permit", _("港澳居民来往内地通行证")
    TAIWAN_PERMIT = "taiwan_permit", _("台湾居民来往大陆通行证")
    PASSPORT = "passport", _("护照")
    HEALTH_CARD = "health_card", _("居民健康卡")
    INSURANCE = "insurance", _("医保编号")
    MRN = "mrn", _("病案号")
    MILITARY = "military", _("军人证件")
    OTHER = "other", _("其他证件")


STRONG = frozenset(
    {
        IdentifierType.RESIDENT_ID,
        IdentifierType.BIRTH_CERTIFICATE,
        IdentifierType.HK_MACAO_PERMIT,
        IdentifierType.TAIWAN_PERMIT,
        IdentifierType.PASSPORT,
        IdentifierType.HEALTH_CARD,
        IdentifierType.INSURANCE,
    }
)
"""Own numbers that say who somebody is, wherever he registers. All others count in one institution only."""

LOCAL = [kind.value for kind in IdentifierType if kind not in STRONG and kind != IdentifierType.RESIDENT_ID_15]

RANK = list(IdentifierType.values)
"""The order in which a patient's numbers are shown; the first one gives the last four digits."""


class Owner(TextChoices):
    """Whose number it is. A newborn is registered under the guardian's number."""

    SELF = "self", _("本人")
    GUARDIAN = "guardian", _("监护人")


class InsuranceKind(TextChoices):
    """医保类型 (CV07.10.005), in its usual order."""

    EMPLOYEE = "employee", _("职工基本医疗保险")
    RESIDENT = "resident", _("城乡居民基本医疗保险")
    RURAL = "rural_cooperative", _("新型农村合作医疗")
    AID = "medical_aid", _("医疗救助")
    COMMERCIAL = "commercial", _("商业医疗保险")
    PUBLIC = "public_funded", _("公费医疗")
    SELF_PAY = "self_pay", _("全自费")
    SOCIAL = "other_social", _("其他社会保险")
    OTHER = "other", _("其他")


class Basis(TextChoices):
    """On which ground a record may be opened, the strongest first."""

    REGISTRATION = "registration", _("本机构登记")
    REFERRAL = "referral", _("转诊")
    CONTRACT = "contract", _("家庭医生签约")
    CENTRE_ORDER = "centre_order", _("共享中心申请单")
    AUTHORISATION = "authorisation", _("患者授权")
    BREAK_GLASS = "break_glass", _("紧急调阅")


GRANTED = [basis for basis in Basis if basis != Basis.REGISTRATION]


class Covers(TextChoices):
    """What a signature can agree to."""

    REFERRAL = "referral", _("转诊")
    SHARING = "sharing", _("信息共享")


class GivenBy(TextChoices):
    SELF = "self", _("患者本人")
    GUARDIAN = "guardian", _("监护人")
    AGENT = "agent", _("受委托人")
    INSTITUTION = "institution", _("医疗机构（紧急情况）")


class Method(TextChoices):
    SIGNED_PAPER = "signed_paper", _("纸质签字")
    ELECTRONIC = "electronic", _("电子签名")
    EMERGENCY = "emergency", _("紧急情况经负责人批准")


def _labels(choices: type[TextChoices]) -> dict:
    return dict(choices.choices)


CODES = {
    "sexes": _labels(Sex),
    "identifier_types": _labels(IdentifierType),
    "identifier_owners": _labels(Owner),
    "insurance_kinds": _labels(InsuranceKind),
    "access_bases": _labels(Basis),
    "consent_covers": _labels(Covers),
    "consent_givers": _labels(GivenBy),
    "consent_methods": _labels(Method),
}
"""Every list as code → label, as clients are served them."""
