"""The closed list: what no county may ask, whatever it configures."""

import json

import pytest
from django.conf import settings

from onegrid.org.rules import closed_list

CATEGORIES = settings.BASE_DIR / "demo" / "categories"


@pytest.mark.parametrize(
    "text",
    ["请登记重点人员情况", "政 治 面 貌", "宗教信仰", "His trust score is low", "the key persons of the village",
     "该户系上访人员", "危险性评估结果"],
)  # fmt: skip
def test_what_sorts_persons_is_refused_in_any_text(text: str) -> None:
    assert closed_list.refuse(text)


@pytest.mark.parametrize(
    "name",
    [
        "民族",
        "当事人身份证号码",
        "是否信访",
        "Passport number",
        "ethnic group",
        "银行卡号",
        "人脸照片",
        "Ｐａｓｓｗｏｒｄ",
    ],
)
def test_the_bare_word_is_enough_in_a_name(name: str) -> None:
    assert closed_list.refuse_name(name)


@pytest.mark.parametrize(
    "text",
    ["办理时请带身份证和户口簿原件", "不服的可以依法向信访部门反映", "不要把验证码告诉别人", "民族路三号路灯不亮",
     "The traces of the leak", "Bring your passport"],
)  # fmt: skip
def test_plain_advice_may_stand_in_an_article(text: str) -> None:
    assert closed_list.refuse(text) is None


def test_the_reason_names_the_word_and_what_it_is_about() -> None:
    assert "政治面貌" in (closed_list.refuse("政治面貌") or "")


def test_every_leaf_of_the_demo_passes() -> None:
    leaves = json.loads((CATEGORIES / "categories.json").read_text()) + json.loads(
        (CATEGORIES / "groups.json").read_text()
    )
    assert [
        row["code"] for row in leaves for name in ("name_zh", "name_en") if closed_list.refuse_name(row[name])
    ] == []
