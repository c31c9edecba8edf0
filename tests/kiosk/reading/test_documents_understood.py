"""Lines of text become the fields of a document, whatever way the labels and values were cut."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk.reading import LONG_TERM, Field, Kind, Reading, Warning
from kiosk.reading.documents import understood
from kiosk.reading.line import Line, Sign
from tests.kiosk.reading.printed import NOTHING_MORE, Sight, line

TODAY = date(2026, 11, 21)
FRONT = (
    line(60, 88, "姓名"),
    line(190, 88, "王小明"),
    line(60, 166, "性别男"),
    line(280, 166, "民族土家"),
    line(60, 240, "出生"),
    line(190, 240, "1990年3月7日"),
    line(60, 316, "住址"),
    line(190, 316, "湖北省天门市竟陵街道"),
    line(190, 368, "示例路1号"),
    line(60, 556, "公民身份号码"),
    line(350, 556, "429006199003070019"),
    line(900, 606, "样本"),
)
BACK = (
    line(310, 105, "中华人民共和国"),
    line(290, 215, "居民身份证"),
    line(210, 462, "签发机关"),
    line(400, 462, "天门市公安局"),
    line(210, 550, "有效期限"),
    line(400, 550, "2010.01.15-2030.01.15"),
)
LICENCE = (
    line(600, 100, "营业执照"),
    line(60, 60, "统一社会信用代码"),
    line(60, 110, "91350100M000100Y43"),
    line(60, 300, "名"),
    line(160, 300, "称天门市示例商贸有限公司"),
    line(900, 300, "注册资本壹佰万圆整"),
    line(60, 400, "类型有限责任公司"),
    line(900, 400, "成立日期2019年03月19日"),
    line(60, 500, "法定代表人李示例"),
    line(900, 500, "住所"),
    line(1010, 500, "湖北省天门市竟陵街道示例"),
    line(1010, 555, "大道97号"),
    line(60, 600, "经营范围服装制造；"),
    line(900, 900, "登记机关"),
)
PERSON = (
    line(500, 40, "常住人口登记卡"),
    line(60, 150, "姓名"),
    line(300, 150, "李凤"),
    line(850, 128, "户主或与"),
    line(850, 172, "户主关系"),
    line(1100, 150, "妻"),
    line(60, 250, "曾用名"),
    line(850, 250, "性别"),
    line(1100, 250, "女"),
    line(60, 350, "籍贯"),
    line(300, 350, "湖北省天门市"),
    line(850, 350, "出生日期"),
    line(1100, 350, "1958-12-30"),
    line(60, 440, "公民身份"),
    line(60, 482, "证件编号"),
    line(300, 461, "429006195812300023"),
)


def read(lines: tuple[Line, ...], kind: Kind) -> Reading:
    return understood(lines, kind, TODAY, NOTHING_MORE)


def said(reading: Reading) -> dict[str, str]:
    return {name: field.value for name, field in reading.fields.items()}


def test_an_identity_card() -> None:
    reading = read(FRONT, Kind.ID_FRONT)
    assert reading.kind_matches
    assert reading.warnings == ()
    assert said(reading) == {
        "name": "王小明",
        "sex": "男",
        "ethnicity": "土家",
        "birth": "1990-03-07",
        "address": "湖北省天门市竟陵街道示例路1号",
        "number": "429006199003070019",
    }


def test_the_order_in_which_lines_were_found_does_not_matter() -> None:
    assert said(read(tuple(reversed(FRONT)), Kind.ID_FRONT)) == said(read(FRONT, Kind.ID_FRONT))


def test_a_whole_row_in_one_line_is_cut_at_its_labels() -> None:
    rows = [each for each in FRONT if "性别" not in each.text and "民族" not in each.text]
    reading = read((*rows, line(60, 166, "性别男民族土家")), Kind.ID_FRONT)
    assert said(reading)["sex"] == "男"
    assert said(reading)["ethnicity"] == "土家"


def test_birth_and_sex_that_the_number_contradicts_are_doubted() -> None:
    lines = tuple(line(60, 166, "性别女") if "性别" in each.text else each for each in FRONT)
    fields = read(lines, Kind.ID_FRONT).fields
    assert fields["sex"].value == "女"
    assert fields["sex"].confidence <= 0.5
    assert fields["birth"].confidence > 0.9


def test_a_number_that_fails_its_check_is_doubted_and_shown_as_read() -> None:
    lines = tuple(line(350, 556, "429006199003070018") if "4290" in each.text else each for each in FRONT)
    number = read(lines, Kind.ID_FRONT).fields["number"]
    assert number.value == "429006199003070018"
    assert number.confidence <= 0.5


def test_a_birth_that_could_not_be_read_is_known_from_the_number() -> None:
    lines = tuple(each for each in FRONT if "1990年" not in each.text)
    assert said(read(lines, Kind.ID_FRONT))["birth"] == "1990-03-07"


def test_a_rare_form_that_the_engine_doubts_is_the_usual_one() -> None:
    name = line(190, 88, "姜煥木")
    doubt = Sign("煥", name.signs[1].x, 0.6, (("焕", 0.35),))
    name = replace(name, signs=(name.signs[0], doubt, name.signs[2]))
    lines = tuple(name if each.text == "王小明" else each for each in FRONT)
    assert said(read(lines, Kind.ID_FRONT))["name"] == "姜焕木"


@pytest.mark.parametrize(("sign", "usual"), [("烜", "恒"), ("琎", "进"), ("喆", "哲")])
def test_a_rare_sign_of_a_name_is_not_taken_for_a_commoner_one(sign: str, usual: str) -> None:
    name = line(190, 88, f"姜{sign}")
    doubt = Sign(sign, name.signs[1].x, 0.6, ((usual, 0.3),))
    lines = tuple(replace(name, signs=(name.signs[0], doubt)) if e.text == "王小明" else e for e in FRONT)
    assert said(read(lines, Kind.ID_FRONT))["name"] == f"姜{sign}"


def test_a_sign_that_stands_alone_and_was_overlooked_is_looked_for_beside_its_label() -> None:
    lines = tuple(e for e in FRONT if e.text != "民族土家" and e.text != "性别男")
    lines += (line(60, 166, "性别"), line(280, 166, "民族"))
    reading = understood(
        lines, Kind.ID_FRONT, TODAY, Sight(within=[line(400, 166, "汉"), line(190, 166, "男")])
    )
    assert said(reading)["ethnicity"] == "汉"
    assert said(reading)["sex"] == "男"


@pytest.mark.parametrize("speck", ["一", "|", "-", "1"])
def test_what_a_rule_may_be_taken_for_is_no_value(speck: str) -> None:
    lines = (*(e for e in FRONT if "民族" not in e.text), line(280, 166, "民族"))
    reading = understood(lines, Kind.ID_FRONT, TODAY, Sight(within=[line(400, 166, speck)]))
    assert "ethnicity" not in reading.fields


def test_an_overlooked_sign_of_which_the_recogniser_is_unsure_is_not_told() -> None:
    lines = (*(e for e in FRONT if "民族" not in e.text), line(280, 166, "民族"))
    reading = understood(lines, Kind.ID_FRONT, TODAY, Sight(within=[line(400, 166, "汉", likely=0.6)]))
    assert "ethnicity" not in reading.fields


def test_the_last_sign_of_an_address_may_stand_alone_in_its_line() -> None:
    lines = tuple(line(190, 368, "示例路1号3栋1单元50") if e.text == "示例路1号" else e for e in FRONT)
    tail = [line(190, 420, "8室")]
    with_tail = understood(lines, Kind.ID_FRONT, TODAY, Sight(within=tail))
    assert said(with_tail)["address"] == "湖北省天门市竟陵街道示例路1号3栋1单元508室"
    short = understood(FRONT, Kind.ID_FRONT, TODAY, Sight(within=tail))
    assert (
        said(short)["address"] == "湖北省天门市竟陵街道示例路1号"
    )  # its last line is not full: nothing follows


def test_the_beginning_of_the_next_row_is_no_tail() -> None:
    lines = tuple(line(190, 368, "示例路1号3栋1单元508室") if e.text == "示例路1号" else e for e in FRONT)
    lines = (*(e for e in lines if not e.text.startswith(("出生", "1990"))), line(60, 440, "出生"))
    lines += (line(190, 440, "1990年3月7日"),)
    reading = understood(lines, Kind.ID_FRONT, TODAY, Sight(within=[line(190, 420, "199")]))
    assert said(reading)["address"] == "湖北省天门市竟陵街道示例路1号3栋1单元508室"
    assert said(reading)["birth"] == "1990-03-07"


def test_a_misread_number_is_mended_only_so_that_it_agrees_with_the_printed_birth() -> None:
    number = line(350, 556, "429006199003078019")
    thought = replace(number.signs[14], others=(("0", 0.1),))
    signs = (*number.signs[:14], thought, *number.signs[15:])
    lines = tuple(replace(number, signs=signs) if e.text == "429006199003070019" else e for e in FRONT)
    field = read(lines, Kind.ID_FRONT).fields["number"]
    assert field.value == "429006199003070019"
    assert 0.5 < field.confidence < 1


def test_a_name_that_was_cut_too_short_is_doubted() -> None:
    lines = tuple(replace(e, place=place) for place, e in enumerate(FRONT))
    lines = tuple(replace(line(190, 88, "王小"), place=1) if e.text == "王小明" else e for e in lines)
    whole = line(190, 88, "王小明")
    reading = understood(lines, Kind.ID_FRONT, TODAY, Sight({1: [line(190, 88, "王小")]}, [whole]))
    assert reading.fields["name"].confidence < 0.9


def test_opinions_on_a_name_that_differ_lower_its_confidence() -> None:
    lines = tuple(replace(each, place=place) for place, each in enumerate(FRONT))
    others = [line(190, 88, "王小朋"), line(190, 88, "王小朋", likely=0.5)]
    reading = understood(lines, Kind.ID_FRONT, TODAY, Sight({1: others}))
    assert reading.fields["name"].confidence <= 0.5


def test_the_back_of_a_card() -> None:
    assert said(read(BACK, Kind.ID_BACK)) == {
        "authority": "天门市公安局",
        "valid_from": "2010-01-15",
        "valid_to": "2030-01-15",
    }


def test_a_card_without_end() -> None:
    lines = (*BACK[:-1], line(400, 550, "2010.01.15-长期"))
    reading = read(lines, Kind.ID_BACK)
    assert said(reading)["valid_to"] == LONG_TERM
    assert reading.warnings == ()


def test_a_card_that_is_over_is_warned_of() -> None:
    lines = (*BACK[:-1], line(400, 550, "2006.11.20-2026.11.20"))
    assert read(lines, Kind.ID_BACK).warnings == (Warning.EXPIRED,)
    lines = (*BACK[:-1], line(400, 550, "2006.11.21-2026.11.21"))
    assert read(lines, Kind.ID_BACK).warnings == ()


def test_a_term_that_no_card_has_is_doubted() -> None:
    fields = read((*BACK[:-1], line(400, 550, "2010.01.15-2027.01.15")), Kind.ID_BACK).fields
    assert fields["valid_to"].confidence <= 0.5


def test_a_licence_in_two_columns_with_wide_set_labels() -> None:
    assert said(read(LICENCE, Kind.BUSINESS_LICENCE)) == {
        "uscc": "91350100M000100Y43",
        "name": "天门市示例商贸有限公司",
        "type": "有限责任公司",
        "legal_person": "李示例",
        "capital": "壹佰万圆整",
        "established": "2019-03-19",
        "address": "湖北省天门市竟陵街道示例大道97号",
        "scope": "服装制造；",
    }


def test_a_licence_whose_term_is_over_is_warned_of() -> None:
    term = line(900, 700, "营业期限2010年01月05日至2020年01月04日")
    assert read((*LICENCE, term), Kind.BUSINESS_LICENCE).warnings == (Warning.EXPIRED,)
    endless = line(900, 700, "营业期限2010年01月05日至长期")
    assert read((*LICENCE, endless), Kind.BUSINESS_LICENCE).warnings == ()


def test_a_persons_page_of_a_household_register() -> None:
    reading = read(PERSON, Kind.HOUSEHOLD)
    assert said(reading) == {
        "name": "李凤",
        "relation": "妻",
        "sex": "女",
        "birth": "1958-12-30",
        "number": "429006195812300023",
    }


def test_the_householders_own_page_names_the_head() -> None:
    lines = tuple(line(1100, 150, "户主") if each.text == "妻" else each for each in PERSON)
    assert said(read(lines, Kind.HOUSEHOLD))["head"] == "李凤"


def test_the_index_page_of_a_household_register() -> None:
    lines = (
        line(60, 300, "户别"),
        line(300, 300, "家庭户"),
        line(850, 300, "户主姓名"),
        line(1100, 300, "李凤"),
        line(60, 500, "户号"),
        line(300, 500, "593663471"),
        line(850, 500, "住址"),
        line(1000, 474, "湖北省天门市岳口镇示"),
        line(1000, 526, "例村三组8号"),
    )
    reading = read(lines, Kind.HOUSEHOLD)
    assert reading.kind_matches
    assert said(reading) == {"head": "李凤", "address": "湖北省天门市岳口镇示例村三组8号"}


PAGES = {
    Kind.ID_FRONT: FRONT,
    Kind.ID_BACK: BACK,
    Kind.BUSINESS_LICENCE: LICENCE,
    Kind.HOUSEHOLD: PERSON,
}


@pytest.mark.parametrize("asked", Kind)
@pytest.mark.parametrize("shown", Kind)
def test_another_document_is_told_from_the_one_that_was_asked_for(asked: Kind, shown: Kind) -> None:
    reading = read(PAGES[shown], asked)
    assert reading.kind_matches == (asked is shown)
    if asked is not shown:
        sides = {asked, shown} == {Kind.ID_FRONT, Kind.ID_BACK}
        assert reading.warnings == ((Warning.WRONG_SIDE,) if sides else (Warning.NOT_THIS_KIND,))
        assert all(field.confidence <= 0.5 for field in reading.fields.values())


@pytest.mark.parametrize("asked", Kind)
def test_a_page_without_text_is_no_document(asked: Kind) -> None:
    assert read((), asked) == Reading(asked, {}, False, (Warning.NOT_THIS_KIND,))


def test_both_sides_on_one_sheet_serve_either_slot() -> None:
    below = tuple(replace(each, top=each.top + 700, bottom=each.bottom + 700) for each in BACK)
    for kind in (Kind.ID_FRONT, Kind.ID_BACK):
        assert read((*FRONT, *below), kind).kind_matches


def test_no_value_is_shown_in_a_log() -> None:
    reading = read(FRONT, Kind.ID_FRONT)
    assert "王小明" not in repr(reading)
    assert "王小明" not in repr(FRONT[1])
    assert "王小明" not in repr(Field("王小明", 1.0))
