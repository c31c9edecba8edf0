"""One typical slip. Everything on it is invented; the matter is a sample."""

from devices.receipt_printer import Feed, Pair, Qr, Rule, Slip, Text

PROGRESS_URL = "https://tiantianshun.example/p/BJ2026-1121-000042"

SAMPLE_SLIP = Slip(
    (
        Text("天天顺", align="center", size=2, bold=True),
        Text("天门市政务服务自助终端", align="center"),
        Rule(),
        Text("收件凭条", align="center", size=2, bold=True),
        Text("示例", align="center"),
        Feed(),
        Pair("申 请 人", "王*"),
        Pair("证件号码", "429***********0027"),
        Pair("办理事项", "居住证办理一件事"),
        Pair("办理情形", "出租房屋"),
        Pair("收件时间", "2026年11月21日 09:41"),
        Pair("办理部门", "天门市公安局人口与出入境管理支队（含各派出所户籍窗口）"),
        Feed(),
        Text("办件编号", align="center"),
        Text("BJ2026-1121-000042", align="center", size=2, bold=True),
        Rule(),
        Text("您交来的材料", bold=True),
        Pair("居民身份证（正反两面）", "2页"),
        Pair("居住地住址证明（租房合同）", "3页"),
        Pair("本人近期照片", "1页"),
        Pair("合计", "6页"),
        Rule(),
        Text("接下来", bold=True),
        Pair("1.", "公安机关会在 15 个工作日内办好，不收费。"),
        Pair("2.", "受理后发短信告诉您；您也可以扫下面的码看进度。"),
        Pair("3.", "领证时，请带上这张凭条和身份证。"),
        Qr(PROGRESS_URL),
        Text("微信或支付宝扫一扫，看办理进度", align="center"),
        Rule(),
        Text("本凭条只说明材料已收到，不代表已受理。", align="center"),
    )
)
