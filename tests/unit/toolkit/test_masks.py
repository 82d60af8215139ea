import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.identifiers import masks


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("王小明", "王**"),
        ("欧阳娜娜", "欧阳**"),
        ("司马迁", "司马*"),
        ("上官婉儿", "上官**"),
        ("欧阳", "欧*"),
        ("阿卜杜拉·买买提", "阿***·***"),
        ("欧阳·娜娜", "欧*·**"),
        ("John Smith", "J*** *****"),
        ("张", "*"),
        ("", ""),
        (None, ""),
        ("  李四 ", "李*"),
    ],
)
def test_names(name, shown):
    assert masks.mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812341234", "138****1234"),
        ("138 1234 1234", "138 **** 1234"),
        ("+86 13812341234", "+** 138****1234"),
        ("0578-2123456", "057*-***3456"),
        ("2123456", "***3456"),
        ("12345", "*****"),
        ("转 8012", "******"),
        ("", ""),
        (None, ""),
    ],
)
def test_phones(phone, shown):
    assert masks.mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("11010519491231002X", "110105********002X"),
        ("11010519491231002x", "110105********002X"),
        ("110105 19491231 002X", "110105********002X"),
        ("110105491231002", "***********1002"),
        ("E12345678", "*****5678"),
        ("MRN-0042", "****0042"),
        ("1234567", "***4567"),
        ("123456", "******"),
        ("1", "*"),
        ("", ""),
        (None, ""),
    ],
)
def test_numbers(number, shown):
    assert masks.mask_number(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [("11010519491231002X", "1****************X"), ("123456", "******"), ("", ""), (None, "")]
)
def test_numbers_strictly(number, shown):
    assert masks.mask_number_strictly(number) == shown


@pytest.mark.parametrize(
    ("name", "shown"), [("zhangsan", "zh***"), ("wangw", "wa***"), (" lisi ", "***"), ("", ""), (None, "")]
)
def test_user_names(name, shown):
    assert masks.mask_username(name) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("北京市朝阳区建国路88号", "北京市朝阳区***"),
        ("浙江省丽水市莲都区紫金街道", "浙江省丽水市莲都区***"),
        ("浙江省 丽水市 云和县 石塘镇小顺村12号", "浙江省丽水市云和县***"),
        ("内蒙古自治区呼和浩特市新城区", "内蒙古自治区呼和浩特市新城区"),
        ("山东省济南市市中区经七路", "山东省济南市市中区***"),
        ("吉林省延边朝鲜族自治州延吉市河南街", "吉林省延边朝鲜族自治州延吉市***"),
        ("云南省双江拉祜族佤族布朗族傣族自治县勐勐镇", "云南省双江拉祜族佤族布朗族傣族自治县***"),
        ("景德镇市珠山区", "景德镇市珠山区"),
        ("荆州市沙市区北京路", "荆州市沙市区***"),
        ("云和县石塘镇小顺村", "云和县***"),
        ("浙江省义乌市稠城街道", "浙江省义乌市***"),
        ("幸福小区3号楼", "***"),
        ("石塘镇小顺村东区12号", "***"),
        ("张村镇超市旁", "***"),
        ("Flat 3", "***"),
        ("", ""),
        (None, ""),
    ],
)
def test_addresses(address, shown):
    assert masks.mask_address(address) == shown


@given(st.text())
def test_nothing_breaks_a_mask(text):
    for mask in (
        masks.mask_name, masks.mask_phone, masks.mask_number, masks.mask_number_strictly, masks.mask_username,
        masks.mask_address,
    ):  # fmt: skip
        assert isinstance(mask(text), str)


@given(st.text("0123456789", min_size=7, max_size=17))
def test_of_other_numbers_only_four_are_seen(number):
    assert masks.mask_number(number) == "*" * (len(number) - 4) + number[-4:]
