"""The words that are signed: PIPL art. 17, 23, 29-31 and Civil Code art. 1219-1220.

A version that has been in force is never edited; a new one is added to `VERSIONS` with its own date.
"""

# ruff: noqa: E501 -- prose for printing, broken where its paragraphs break

from datetime import datetime, timedelta, timezone

from django.db import connections

VERSION = "2026-1"
VALID_FROM = datetime(2021, 11, 1, tzinfo=timezone(timedelta(hours=8)))  # the day the PIPL came into force

TITLE_ZH = "双向转诊及个人健康信息共享知情同意书"
BODY_ZH = """\
一、转诊。医务人员已向我（患者或其监护人、受委托人）说明目前病情、转诊的理由、可供选择的其他方案，以及途中和不转诊可能发生的风险。\
我自愿由 $sender 转往 $receiver 就诊；接收机构因条件所限需要再转往同一医联体内其他机构时，由医务人员先行告知我，本同意随之有效。
二、信息的接收方。为本次转诊，$sender 将我的个人信息提供给：$receiver（联系方式：$contact），以及前款所述再转往的机构。\
各方均为独立的个人信息处理者。
三、目的。仅用于本次转诊的接诊、检查、诊断、治疗、转回、随访，以及依法应当进行的质量管理和统计；不用于其他目的。
四、种类。姓名、性别、出生日期、证件号码、电话、住址、联系人、医保类型；以及敏感个人信息：病史、过敏史、诊断、检查检验结果、\
治疗经过、用药和随访情况。提供这些信息为诊疗所必需；不提供可能使接收机构无法及时、准确地诊治。
五、方式和期限。通过医联体协作平台加密传输和存储，仅由参与诊疗的人员凭权限查看，每次查看均留有记录。信息按病历管理的规定期限保存。
六、我的权利。我可以查阅、复制、更正我的信息，可以了解谁查看过我的信息，可以随时撤回同意；撤回不影响撤回前已经进行的处理，\
拒绝或撤回不影响我在本机构接受诊疗。联系 $sender 即可行使上述权利。
七、我对上述转诊表示同意，并就第二、四项所列向其他机构提供敏感个人信息单独表示同意。
（不满十八周岁的患者由监护人签署；抢救生命垂危的患者等紧急情况，不能取得患者或其近亲属意见的，经医疗机构负责人或者授权的负责人批准，可以立即实施。）
"""

TITLE_EN = "Informed consent to two-way referral and to sharing personal health information"
BODY_EN = """\
1. Referral. I (the patient, or the guardian or agent) have been told about the present condition, the reasons for the referral, \
the alternatives, and the risks of the journey and of not being referred. I agree to be referred from $sender to $receiver. Where the \
receiver lacks the means and I must go on to another institution of the same consortium, staff will tell me first and this consent \
remains valid.
2. Recipients. For this referral $sender provides my personal information to $receiver (contact: $contact) and to an \
institution under item 1 to which I am sent on. Each of them is an independent handler of personal information.
3. Purpose. Only reception, examination, diagnosis, treatment, return and follow-up of this referral, and the quality \
management and statistics required by law; nothing else.
4. Kinds. Name, sex, date of birth, identity numbers, telephone, address, next of kin, kind of insurance; and sensitive personal \
information: history, allergies, diagnoses, examination and laboratory results, treatment, medication and follow-up. It is necessary \
for care; without it the receiver may be unable to treat in time and correctly.
5. Manner and time. Transmitted and stored encrypted on the consortium's platform, seen only by staff who take part in the care, \
every look on record. Kept for the period prescribed for medical records.
6. My rights. I may read, copy and correct my information, learn who has looked at it, and withdraw this consent at any time; \
withdrawal does not affect what was done before it, and neither refusal nor withdrawal affects my treatment here. I turn to \
$sender for all of this.
7. I consent to the referral, and separately to providing the sensitive personal information of items 2 and 4 to other institutions.
(For patients under eighteen the guardian signs. In an emergency such as the rescue of a patient in mortal danger, where neither the \
patient nor close relatives can be asked, it may begin at once with the approval of the head of the institution or an authorised deputy.)
"""


VERSIONS = [
    {
        "version": VERSION,
        "covers": ["referral", "sharing"],
        "title_zh": TITLE_ZH,
        "title_en": TITLE_EN,
        "body_zh": BODY_ZH,
        "body_en": BODY_EN,
        "valid_from": VALID_FROM,
    },
]


def write_missing(using="default", **signal):
    """Put the versions the database does not have yet into it: after every migrate and flush."""
    from records.models import ConsentText

    if ConsentText._meta.db_table not in connections[using].introspection.table_names():
        return
    for words in VERSIONS:
        ConsentText.objects.using(using).get_or_create(version=words["version"], defaults=words)
