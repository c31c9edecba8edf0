"""Values that a field can only have one of."""


def _listed(*rows: str) -> tuple[str, ...]:
    return tuple(value for row in rows for value in row.split())


SEXES = ("男", "女")

#: GB/T 3304-1991, and what the cards of those without one of them say
ETHNICITIES = _listed(
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西",
    "景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂",
    "保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 穿青人 其他 外国血统中国籍人士",
)

#: GB/T 4761-2008, the usual ones
RELATIONS = _listed(
    "户主 本人 夫 妻 配偶 子 独生子 长子 次子 二子 三子 四子 五子 养子 继子 女婿 女 独生女 长女 次女 二女 三女 四女",
    "五女 养女 继女 儿媳 孙子 孙女 外孙子 外孙女 孙媳妇 曾孙子 曾孙女 父亲 母亲 公公 婆婆 岳父 岳母 继父 继母 养父",
    "养母 祖父 祖母 外祖父 外祖母 兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 嫂 弟媳 姐夫 妹夫 侄子 侄女 外甥 外甥女 其他亲属",
    "非亲属",
)
