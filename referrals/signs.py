"""What can be ticked about a patient where no field holds it: findings, course and circumstances, each with its group.

Indications ask for them by code (`referrals/indications/data`); a code once used is never given another meaning.
"""

from django.utils.translation import gettext_lazy as _

GROUPS: dict[str, tuple[str, dict]] = {
    "emergency": (
        _("急症表现"),
        {
            "consciousness_change": _("意识改变"),
            "severe_headache": _("剧烈头痛或头晕"),
            "vomiting": _("恶心呕吐"),
            "speech_or_limb": _("言语障碍或肢体瘫痪"),
            "blurred_vision": _("视力模糊"),
            "eye_pain": _("眼痛"),
            "vision_loss": _("视力骤降"),
            "palpitations": _("心悸"),
            "chest_tightness": _("胸闷"),
            "cannot_lie_flat": _("喘憋、呼吸困难或不能平卧"),
            "leg_oedema": _("下肢水肿"),
            "chest_back_pain": _("持续性胸背部剧烈疼痛"),
            "suspected_acs": _("疑似急性冠脉综合征"),
            "pressure_unmeasurable": _("血压过低或测不出"),
            "heart_rate_extreme": _("心率过慢或过快"),
            "severe_allergy": _("严重全身过敏"),
        },
    ),
    "hypertension": (
        _("高血压"),
        {
            "pressure_not_lowered": _("短期处理后血压仍不下降"),
            "pressure_twice_uncontrolled": _("连续两次随访血压未达标"),
            "three_drugs_not_enough": _("三种足量降压药（含利尿剂）仍未达标"),
            "pressure_fluctuating": _("血压波动明显、难以控制"),
            "drug_reaction": _("药物不良反应难以处理"),
            "new_complication": _("新出现或加重的并发症"),
            "suspected_organ_damage": _("疑有心脑肾新发并发症"),
            "onset_before_30": _("30 岁前发病"),
            "proteinuria": _("蛋白尿或血尿"),
            "low_potassium": _("血钾 <3.5 mmol/L（非利尿剂所致）"),
            "paroxysmal_rise": _("阵发性升高伴头痛、心悸、多汗"),
            "arm_difference": _("双上肢收缩压相差 >20 mmHg"),
            "tests_elsewhere": _("需到上级医院进一步检查"),
        },
    ),
    "diabetes": (
        _("糖尿病"),
        {
            "ketotic_breath": _("呼气有烂苹果味"),
            "deep_breathing": _("深大呼吸"),
            "flushed_skin": _("皮肤潮红"),
            "sweating_or_thirst": _("心悸出汗、食欲减退、多饮多尿或腹痛"),
            "glucose_twice_uncontrolled": _("连续两次随访血糖未达标"),
            "type_unclear": _("首次血糖异常，病因或分型不明"),
            "acute_complication": _("酮症酸中毒、高渗、严重低血糖等急性并发症"),
            "recurrent_hypoglycaemia": _("反复低血糖"),
            "long_off_target": _("规范治疗 3～6 个月血糖、血压、血脂仍不达标"),
            "chronic_complication": _("慢性并发症的筛查、评估或治疗基层有困难"),
            "organ_damage_urgent": _("靶器官损害需紧急救治（心脑肾、视力、糖尿病足）"),
            "glucose_fluctuating": _("血糖波动大或需制定胰岛素方案"),
        },
    ),
    "maternal": (
        _("孕产妇"),
        {
            "pregnant": _("妊娠或产后 42 天内"),
            "lactating": _("哺乳期"),
            "maternal_danger": _("危急征象（大出血、抽搐、昏迷、剧烈腹痛、胎动消失等）"),
            "risk_red": _("妊娠风险评估为红色"),
            "risk_orange": _("妊娠风险评估为橙色"),
            "risk_purple": _("妊娠风险评估为紫色（传染病）"),
            "risk_screen_positive": _("妊娠风险筛查阳性，尚未评估分级"),
        },
    ),
    "child": (
        _("新生儿和儿童"),
        {
            "poor_response": _("反应差、面色发灰、吸吮无力"),
            "breathing_trouble": _("呼吸困难、呼吸暂停或发绀"),
            "severe_jaundice": _("严重黄染（到手掌或足跖）"),
            "pale_cold_skin": _("苍白厥冷、出血点、硬肿或脓疱多"),
            "convulsion": _("惊厥或囟门张力高"),
            "limbs_not_moving": _("四肢活动不对称、无自主运动或肌张力消失"),
            "dehydration": _("眼窝或前囟凹陷、尿少等脱水征象"),
            "distension_vomiting": _("腹胀明显伴呕吐"),
            "cord_infection": _("脐部脓性分泌物多、脐周红肿"),
            "feeding_trouble": _("喂养困难"),
            "preterm_or_small": _("早产或出生体重 <2500 g"),
            "cannot_drink": _("不能喝水或吃奶"),
            "vomits_everything": _("频繁呕吐、进食即吐"),
        },
    ),
    "upward": (
        _("上转情形"),
        {
            "critical_beyond_means": _("急危重症难以有效救治"),
            "undiagnosed": _("疑难复杂、不能确诊"),
            "mass_casualty": _("重大伤亡事件，处置能力受限"),
            "beyond_licence": _("超出核准诊疗科目"),
            "higher_tests": _("需上级检查明确诊断"),
            "means_limited": _("其他技术、设备条件限制"),
            "designated": _("依法应转定点或专科医院"),
            "beyond_surgery_level": _("手术超出本机构分级权限"),
        },
    ),
    "downward": (
        _("下转情形"),
        {
            "diagnosis_settled": _("诊断明确"),
            "condition_stable": _("病情稳定"),
            "needs_more_stay": _("仍需继续住院"),
            "after_surgery": _("手术后需康复"),
            "plan_fits_home": _("治疗方案明确，适合基层或居家服药"),
            "complication_stable": _("并发症治疗后稳定"),
            "tcm_plan": _("中医药方案已确定"),
            "chronic_recovery": _("慢性病恢复期，需长期治疗"),
            "elderly_care": _("老年护理"),
            "palliative": _("晚期肿瘤非手术治疗或临终关怀"),
            "long_rehabilitation": _("需长期康复"),
            "higher_doctor_judged": _("上级医师判定可转回基层"),
        },
    ),
}

SIGNS = {code: label for _group, signs in GROUPS.values() for code, label in signs.items()}
