"""Rules follow the places that they name: to each that follows, once, and never against another one."""

from onegrid.kit.succession import Ruled, following


def test_split_a_rule_goes_to_both_pieces() -> None:
    assert following([Ruled(1, "a", "05", 7)], {"a": ["x", "y"]}) == ({1: ["x", "y"]}, [], [])


def test_merged_the_same_rule_goes_once_and_another_is_unclear() -> None:
    heirs = {"a": ["x"], "b": ["x"]}
    assert following([Ruled(1, "a", "05", 7), Ruled(2, "b", "05", 7)], heirs) == ({1: ["x"]}, [2], [])
    assert following([Ruled(1, "a", "05", 7), Ruled(2, "b", "05", 8)], heirs) == ({}, [], [1, 2])
    assert following([Ruled(1, "a", "05", 7), Ruled(2, "b", "06", 8)], heirs) == ({1: ["x"], 2: ["x"]}, [], [])


def test_what_nothing_follows_is_unclear() -> None:
    assert following([Ruled(1, "a", "05")], {"a": []}) == ({}, [], [1])


def test_one_that_is_at_odds_in_one_place_goes_nowhere() -> None:
    heirs = {"a": ["x", "y"], "b": ["y"]}
    assert following([Ruled(1, "a", "05", 7), Ruled(2, "b", "05", 8)], heirs) == ({}, [], [1, 2])
