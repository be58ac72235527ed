import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.kit import codes

KEY = b"k" * 32
SOME = "2026-511502-K7M4PX"


def numbered(body: str) -> str:
    plain = body.replace("-", "")
    return f"{body}-{codes._check(plain)}"


def valid_bodies() -> list[str]:
    drawn = [f"2026-511502-{one}" for one in ("K7M4PX", "222222", "ZZZZZZ", "9A9A9A", "QRTVWX", "23456H")]
    return [body for body in drawn if codes._check(body.replace("-", "")) in codes.ALPHABET]


def test_number_has_year_county_six_characters_and_a_check_character() -> None:
    for _ in range(200):
        number = codes.number(2026, "511502")
        assert re.fullmatch(r"2026-511502-[2-9A-HJKMNP-RTV-Z]{6}-[2-9A-HJKMNP-RTV-Z]", number)
        assert codes.tidy_number(number) == number


def test_every_single_wrong_character_is_caught() -> None:
    for body in valid_bodies():
        number = numbered(body)
        for place, right in enumerate(number):
            if right == "-":
                continue
            for wrong in codes.CHARACTERS:
                changed = number[:place] + wrong + number[place + 1 :]
                assert wrong == right or codes.tidy_number(changed) is None


def test_every_swap_of_two_characters_is_caught() -> None:
    for body in valid_bodies():
        plain = numbered(body).replace("-", "")
        for first in range(len(plain)):
            for second in range(first + 1, len(plain)):
                swapped = list(plain)
                swapped[first], swapped[second] = swapped[second], swapped[first]
                assert plain[first] == plain[second] or codes.tidy_number("".join(swapped)) is None


def test_the_weights_miss_nothing_whatever_the_characters() -> None:
    # The proof: all weights, for swaps their differences, and all differences of values are units mod 31.
    weights, differences = range(1, 17), range(1, 31)
    assert all(weight * difference % 31 for weight in weights for difference in differences)
    gaps = [second - first for first in weights for second in weights if first < second]
    assert all(gap * difference % 31 for gap in gaps for difference in differences)
    # The check character has the weight 30 = -1, which no other has: a swap with it is caught too.
    assert all((weight + 1) * difference % 31 for weight in weights for difference in differences)
    assert len(set(codes.VALUES.values())) == 31


@pytest.mark.parametrize(
    "written",
    [
        "2026 511502 {tail} {check}",
        "２０２６－５１１５０２－{tail}－{check}",
        "2o26-5ii5o2-{tail}-{check}",
        "  2026511502{tail}{check}\n",
        "2026—511502—{tail}。{check}",
    ],
)
def test_number_is_understood_however_it_is_written(written: str) -> None:
    number = numbered(SOME)
    text = written.format(tail="k7m4px", check=number[-1].lower())
    assert codes.tidy_number(text) == number


def test_s_is_read_as_five_and_u_as_v() -> None:
    number = codes.number(2026, "511502")
    assert codes.tidy_number(number.replace("5", "S").replace("V", "U")) == number


@given(st.text())
def test_any_text_is_a_number_or_none(text: str) -> None:
    assert codes.tidy_number(text) is None


def test_wrong_year_and_county_are_refused() -> None:
    for year, county in ((26, "511502"), (2026, "51150"), (2026, "51150x"), (2026, "５１１５０２")):
        with pytest.raises(ValueError):
            codes.number(year, county)


def test_receipt_is_the_same_each_time_and_differs_by_report_counter_and_key() -> None:
    first = codes.receipt(7, 0, key=KEY)
    assert first == codes.receipt(7, 0, key=KEY)
    assert len({first, codes.receipt(8, 0, key=KEY), codes.receipt(7, 1, key=KEY), codes.receipt(7, 0, key=b"o")}) == 4


def test_receipt_is_seven_groups_of_four() -> None:
    for report in range(300):
        receipt = codes.receipt(report, 0, key=KEY)
        assert re.fullmatch(r"([2-9A-HJKMNP-RTV-Z]{4}-){6}[2-9A-HJKMNP-RTV-Z]{4}", receipt)
        assert codes.tidy_receipt(receipt) == receipt
    assert 29**27 > 2**128


def test_receipt_is_understood_however_it_is_written_and_hashes_alike() -> None:
    receipt = codes.receipt(7, 0, key=KEY)
    for written in (receipt.lower(), receipt.replace("-", " "), receipt.replace("-", ""), f" {receipt}\n"):
        assert codes.tidy_receipt(written) == receipt
        assert codes.receipt_hash(written) == codes.receipt_hash(receipt)
    assert len(codes.receipt_hash(receipt)) == 32


def test_a_mistyped_receipt_is_told_at_once() -> None:
    receipt = codes.receipt(7, 0, key=KEY)
    wrong = "3" if receipt[2] != "3" else "4"
    assert codes.tidy_receipt(receipt[:2] + wrong + receipt[3:]) is None
    assert codes.tidy_receipt(receipt[:-1]) is None
    with pytest.raises(ValueError):
        codes.receipt_hash("")
