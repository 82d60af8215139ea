"""The patients of the demo. Their resident numbers carry a region nobody was ever born in."""

from datetime import date

from stdnum.iso7064 import mod_11_2

from records.data import NumberData, PatientData

REGION = "510899"

# name: sex, born, address, next of kin, relation, insurance
PEOPLE = {
    "王秀英": ("2", date(1957, 4, 18), "云溪县城关镇东街 31 号", "李建军", "儿子", "resident"),
    "李大山": ("1", date(1963, 9, 2), "云溪县城关镇李庄村 4 组", "张桂花", "妻子", "resident"),
    "刘桂兰": ("2", date(1951, 12, 9), "云溪县城关镇北关村 2 组", "陈晓东", "女婿", "resident"),
    "陈志明": ("1", date(1975, 6, 25), "云溪县城关镇西街 8 号", "周敏", "妻子", "employee"),
    "赵玉珍": ("2", date(1968, 2, 14), "云溪县城关镇南门巷 5 号", "孙浩", "儿子", "resident"),
    "孙德福": ("1", date(1949, 7, 30), "云溪县城关镇李庄村 1 组", "孙小军", "儿子", "resident"),
    "周文斌": ("1", date(1959, 11, 3), "云溪县河口镇码头路 17 号", "吴丽", "妻子", "resident"),
    "吴翠花": ("2", date(1966, 1, 22), "云溪县河口镇沙湾村 3 组", "郑强", "丈夫", "resident"),
    "郑国庆": ("1", date(1972, 10, 1), "云溪县河口镇新街 9 号", "冯燕", "妻子", "employee"),
    "冯秀云": ("2", date(1955, 8, 16), "云溪县河口镇沙湾村 6 组", "韩伟", "儿子", "resident"),
    "韩永强": ("1", date(1980, 3, 5), "云溪县石桥镇正街 60 号", "杨柳", "妻子", "employee"),
    "杨春梅": ("2", date(1978, 5, 11), "云溪县石桥镇石坝村 2 组", "何军", "丈夫", "resident"),
    "何光荣": ("1", date(1961, 12, 28), "云溪县石桥镇石坝村 5 组", "何小雨", "女儿", "resident"),
    "罗玉兰": ("2", date(1970, 9, 9), "云溪县石桥镇马家沟村 1 组", "马超", "儿子", "resident"),
    "邓建设": ("1", date(1954, 2, 27), "云溪县南湖街道湖滨路 66 号", "邓丽", "女儿", "employee"),
    "欧阳淑芬": ("2", date(1947, 6, 6), "云溪县南湖街道莲花巷 3 号", "梁志远", "儿子", "employee"),
    "梁宝山": ("1", date(1965, 4, 4), "云溪县南湖街道学府路 12 号", "谢芳", "妻子", "self_pay"),
    "谢晓峰": ("1", date(1984, 10, 20), "云溪县石桥镇正街 12 号", "唐静", "妻子", "employee"),
    "田国富": ("1", date(1960, 3, 19), "云溪县城关镇北关村 5 组", "田玲", "女儿", "resident"),
    "彭小兰": ("2", date(1989, 7, 8), "云溪县河口镇码头路 41 号", "彭涛", "哥哥", "resident"),
    "石长贵": ("1", date(1952, 5, 14), "云溪县城关镇李庄村 3 组", "石磊", "儿子", "resident"),
    "韦兰英": ("2", date(1953, 10, 7), "云溪县城关镇北关村 1 组", "韦志国", "儿子", "resident"),
    "龙德才": ("1", date(1948, 1, 30), "云溪县城关镇北关村 3 组", "龙小芳", "女儿", "resident"),
    "覃素珍": ("2", date(1961, 8, 21), "云溪县城关镇北关村 2 组", "覃勇", "儿子", "resident"),
    "蒙国安": ("1", date(1956, 6, 12), "云溪县城关镇北关村 4 组", "蒙建", "儿子", "resident"),
    "卢金凤": ("2", date(1971, 3, 3), "云溪县石桥镇石坝村 1 组", "卢强", "丈夫", "resident"),
}


def data_of(name: str) -> PatientData:
    sex, born, address, kin, relation, insurance = PEOPLE[name]
    serial = list(PEOPLE).index(name) + 1
    return PatientData(
        name=name,
        sex=sex,
        birth_date=born,
        identifiers=[NumberData(type="resident_id", value=_resident_number(born, sex, serial))],
        phone=f"1390839{serial:04d}",
        address=address,
        next_of_kin={"name": kin, "relation": relation, "phone": f"1370839{serial:04d}"},
        insurance_kind=insurance,
    )


def _resident_number(born: date, sex: str, serial: int) -> str:
    odd_is_man = serial * 2 + (1 if sex == "1" else 0)
    body = f"{REGION}{born:%Y%m%d}{odd_is_man:03d}"
    return body + mod_11_2.calc_check_digit(body)
