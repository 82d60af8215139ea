"""Code lists of the referral: stable English slugs with their Chinese words (source: domain facts §1.2–1.5).

`COMMENTED` names the codes that are only complete with a remark.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referrals.signs import SIGNS

DIRECTIONS = {"up": _("上转"), "down": _("下转"), "lateral": _("平级转诊"), "out": _("外转")}

KINDS = {
    "outpatient": _("门诊"),
    "inpatient": _("住院"),
    "emergency": _("急诊"),
    "exam": _("检查检验"),
    "rehabilitation": _("康复"),
    "follow_up": _("随访接续"),
}

INPATIENT = ("inpatient", "rehabilitation")
WITH_BED = (*INPATIENT, "emergency")
"""Kinds with a stay that ends by discharge; an emergency may be admitted or go home."""

PLACES_FOR = dict.fromkeys(KINDS, ("slot",)) | dict.fromkeys(INPATIENT, ("bed",)) | {"emergency": ("slot", "bed")}
"""Which places of a department (`institutions.Capacity.Kind`) a kind of referral can take."""

URGENCIES = {"routine": _("普通"), "urgent": _("加急"), "emergency": _("急诊")}

GREEN_CHANNELS = {
    "chest_pain": _("胸痛"),
    "stroke": _("卒中"),
    "trauma": _("创伤"),
    "maternal": _("危重孕产妇"),
    "child": _("危重儿童和新生儿"),
    "other": _("其他急危重症"),
}

PRIORITIES = {"elderly": _("老年人"), "disabled": _("残疾人"), "contracted": _("签约居民")}

REFERRAL_REASONS = {
    "beyond_capability": _("诊断不明或治疗能力、技术条件受限"),
    "critical": _("急危重患者"),
    "stable_step_down": _("病情稳定或好转，可转下级继续治疗或康复"),
    "patient_request": _("患者或家属要求"),
    "drug_shortage": _("药品资源不足"),
    "bed_shortage": _("床位不足"),
    "designated_hospital": _("依法转定点医院"),
    "other": _("其他"),
}

RETURN_REASONS = {
    "history": _("病史或查体不全"),
    "exam": _("缺检查检验结果"),
    "diagnosis": _("初步诊断或转诊目的不清"),
    "medication": _("用药情况不清"),
    "consent": _("知情同意或患者身份信息不符"),
    "other": _("其他"),
}

REJECT_REASONS = {
    "incomplete": _("资料不全"),
    "not_indicated": _("不符合转诊指征"),
    "no_specialty": _("无相应科室或技术"),
    "full": _("无床或号源已满"),
    "patient_changed_mind": _("患者意愿变更"),
    "duplicate": _("重复申请"),
    "needs_emergency": _("应急诊直接转运"),
    "already_elsewhere": pgettext_lazy("reason", "已转他院"),
    "other": _("其他"),
}

CANCEL_REASONS = {
    "capacity_lost": _("停诊或床位变动"),
    "patient_changed_mind": _("患者意愿变更"),
    "patient_unreachable": _("联系不上患者"),
    "already_elsewhere": _("已在他院就诊"),
    "other": _("其他"),
}

WITHDRAW_REASONS = {
    "patient_changed_mind": _("患者意愿变更"),
    "improved": _("病情好转，无需转诊"),
    "wrong_receiver": _("转往单位或科室选错"),
    "already_elsewhere": _("已在他院就诊"),
    "superseded": _("已由急诊转诊取代"),
    "other": _("其他"),
}

SETTLEMENTS = {
    "re_referred": _("已重新转诊"),
    "treated_here": _("在本机构治疗"),
    "went_elsewhere": _("已去其他医院"),
    "refused": _("患者拒绝转诊"),
    "unreachable": _("联系不上（已三次）"),
}

OUTCOMES = {
    "discharged_home": _("出院回家"),
    "referred_back": _("转回基层"),
    "transferred": _("转往他院"),
    "left_against_advice": _("非医嘱离院"),
    "outpatient_done": _("门诊诊疗完成"),
    "died": _("死亡"),
}

DIAGNOSIS_SYSTEMS = {
    "icd10-cn-2.0": _("ICD-10 国家临床版 2.0"),
    "icd10-yb-2.0": _("ICD-10 医保版 2.0"),
}
USUAL_SYSTEM = "icd10-cn-2.0"

ATTACHMENT_KINDS = {
    "report": _("检查检验报告"),
    "image": _("影像"),
    "ecg": _("心电图"),
    "consent": _("知情同意书"),
    "photo": _("纸质单照片"),
    "other": _("其他"),
}

SUPPLIES = {"available_there": _("接收机构有药"), "brings_own": _("患者自带"), "confirmed_by_phone": _("电话确认有药")}

GREEN_VERDICTS = {"justified": _("使用恰当"), "partly": _("部分恰当"), "not_justified": _("使用不当")}
"""What the office finds when it reviews a use of the green channel."""

PATIENT_REASONS = {
    "better": _("好多了，不用去了"),
    "no_time": _("时间不合适，想换个时间"),
    "too_far": _("路太远，去不了"),
    "nobody_along": _("没有人陪"),
    "cost": _("费用有困难"),
    "elsewhere": _("已经在别处看病"),
    "other": _("其他原因"),
}
"""Why a patient says on his page that he cannot come, in his own words."""

PASSED_ON = ("forward", "divert")
"""How a referral is linked that goes on to another institution while its patient is under way."""

CONTINUING = (*PASSED_ON, "resubmit")
"""How a referral is linked that goes on with what another one began, however long ago."""

CODED_REASONS = {
    "return": RETURN_REASONS,
    "reject": REJECT_REASONS,
    "cancel": CANCEL_REASONS,
    "withdraw": WITHDRAW_REASONS,
    "supersede": WITHDRAW_REASONS,
}
"""Moves that say their reason as a code of a list; the step keeps the code where it can be counted."""

COMMENTED = {
    "reject": {"incomplete", "not_indicated", "other"},
    "cancel": {"capacity_lost", "other"},
    "withdraw": {"other"},
    "settle": {"went_elsewhere"},
    "green_verdicts": {"partly", "not_justified"},
}

CODE_LISTS = {
    "directions": DIRECTIONS,
    "kinds": KINDS,
    "urgencies": URGENCIES,
    "green_channels": GREEN_CHANNELS,
    "priorities": PRIORITIES,
    "referral_reasons": REFERRAL_REASONS,
    "return_reasons": RETURN_REASONS,
    "reject_reasons": REJECT_REASONS,
    "cancel_reasons": CANCEL_REASONS,
    "withdraw_reasons": WITHDRAW_REASONS,
    "settlements": SETTLEMENTS,
    "outcomes": OUTCOMES,
    "supplies": SUPPLIES,
    "diagnosis_systems": DIAGNOSIS_SYSTEMS,
    "attachment_kinds": ATTACHMENT_KINDS,
    "green_verdicts": GREEN_VERDICTS,
    "signs": SIGNS,
}


def choices(code_list: dict) -> list[tuple]:
    """A code list as Django and DRF take it."""
    return list(code_list.items())


REFERRAL_REASON_CHOICES = choices(REFERRAL_REASONS)
RETURN_REASON_CHOICES = choices(RETURN_REASONS)
REJECT_REASON_CHOICES = choices(REJECT_REASONS)
CANCEL_REASON_CHOICES = choices(CANCEL_REASONS)
WITHDRAW_REASON_CHOICES = choices(WITHDRAW_REASONS)
ATTACHMENT_KIND_CHOICES = choices(ATTACHMENT_KINDS)
KIND_CHOICES = choices(KINDS)


def all_codes() -> dict[str, list[dict]]:
    """Every code list of the platform as `{list: [{"code", "label", "comment_required"}]}`."""
    from institutions.codes import CODES as INSTITUTION_CODES
    from records.codes import CODES as RECORD_CODES

    lists = {**INSTITUTION_CODES, **RECORD_CODES, **CODE_LISTS}
    return {name: [_entry(name, code, label) for code, label in entries.items()] for name, entries in lists.items()}


def _entry(list_name: str, code: str, label) -> dict:
    verb = list_name.removesuffix("_reasons").replace("settlements", "settle")
    return {"code": code, "label": str(label), "comment_required": code in COMMENTED.get(verb, ())}
