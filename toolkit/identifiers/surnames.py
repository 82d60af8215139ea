"""Chinese surnames of two characters, and surnames that are read otherwise than the same character elsewhere."""

COMPOUND = frozenset(
    """
    欧阳 司马 上官 诸葛 司徒 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 夏侯 轩辕 端木 独孤
    南宫 万俟 闻人 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 司空 亓官
    司寇 子车 颛孙 巫马 公西 漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 谷梁 段干 百里 东郭 南门
    呼延 羊舌 微生 梁丘 左丘 东门 西门 第五 贺兰 赫连 纳兰 完颜 叶赫 耶律 归海 哥舒 即墨
    达奚 褚师 公羊 相里
    """.split()  # noqa: SIM905
)

READINGS = {
    "万俟": "mo qi",
    "尉迟": "yu chi",
    "长孙": "zhang sun",
    "单于": "chan yu",
    "澹台": "tan tai",
    "亓官": "qi guan",
    "鲜于": "xian yu",
    "子车": "zi ju",
    "乐正": "yue zheng",
    "拓跋": "tuo ba",
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "曾": "zeng",
    "任": "ren",
    "华": "hua",
    "区": "ou",
    "朴": "piao",
    "查": "zha",
    "盖": "ge",
    "折": "she",
    "乐": "yue",
    "员": "yun",
    "繁": "po",
    "缪": "miao",
    "秘": "bi",
    "冼": "xian",
    "洗": "xian",
    "翟": "zhai",
    "黑": "he",
    "召": "shao",
    "祭": "zhai",
    "种": "chong",
    "覃": "qin",
    "隗": "wei",
    "宁": "ning",
    "句": "gou",
    "车": "che",
    "都": "du",
    "那": "na",
    "燕": "yan",
    "应": "ying",
    "石": "shi",
    "柏": "bai",
    "葛": "ge",
    "能": "nai",
    "撒": "sa",
    "过": "guo",
    "盛": "sheng",
    "冯": "feng",
    "贾": "jia",
    "沈": "shen",
    "於": "yu",
    "纪": "ji",
    "强": "qiang",
    "宿": "su",
    "俞": "yu",
    "牟": "mou",
    "藏": "zang",
    "重": "chong",
    "晁": "chao",
    "莘": "shen",
    "尉": "wei",
    "佴": "nai",
    "臧": "zang",
    "訾": "zi",
    "谌": "chen",
    "阚": "kan",
    "郗": "xi",
    "逄": "pang",
    "适": "kuo",
    "哈": "ha",
    "卜": "bu",
    "干": "gan",
    "占": "zhan",
    "曲": "qu",
    "行": "xing",
    "无": "wu",
}


def split(name):
    """欧阳娜娜 → ("欧阳", "娜娜"). A bare 欧阳 is read as 欧 and 阳; other text gives its first character."""
    length = 2 if len(name) > 2 and name[:2] in COMPOUND else 1
    return name[:length], name[length:]
