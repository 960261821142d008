"""Section 5: places and ties."""

import pytest

from tests.recount.sheets import (
    answer,
    column,
    judged,
    lines,
    measured,
    module,
    of,
    places,
    plan,
    points,
    scores,
)


def ranked(ties=(), rows=None, entrants=None, modules=None, **ranking):
    document = plan(*(modules or [module("m"), module("n")]), ranking={"ties": list(ties)} | ranking)
    return answer(document, rows, entrants)


EQUAL = scores(m={"a": 50, "b": 60, "c": 40, "d": 55}, n={"a": 50, "b": 40, "c": 60, "d": 30})


def test_equals_share_a_place_and_the_next_is_left_out():
    assert places(ranked(rows=EQUAL)) == {"a": 1, "b": 1, "c": 1, "d": 4}


def test_dense_leaves_no_place_out():
    assert places(ranked(rows=EQUAL, dense=True)) == {"a": 1, "b": 1, "c": 1, "d": 2}


def test_low_puts_the_lowest_total_first():
    assert places(ranked(rows=EQUAL, order="low")) == {"a": 2, "b": 2, "c": 2, "d": 1}


def test_a_tie_key_and_what_it_decided():
    result = ranked([{"by": "module", "key": "m"}], rows=EQUAL)

    assert places(result) == {"a": 2, "b": 1, "c": 3, "d": 4}
    assert column(result, "decided_by") == {"a": "module:m", "b": "", "c": "module:m", "d": "total"}


def test_a_tie_key_may_go_by_the_lower():
    assert places(ranked([{"by": "module", "key": "m", "order": "low"}], rows=EQUAL)) == {
        "a": 2,
        "b": 3,
        "c": 1,
        "d": 4,
    }


def test_a_key_is_used_only_when_all_equals_have_it():
    """c has no draw, so `draw` is passed over among a, b, c; `time` decides."""
    people = [
        {"code": "a", "draw": 2, "time": 9},
        {"code": "b", "draw": 1, "time": 9},
        {"code": "c", "time": 8},
        {"code": "d"},
    ]
    ties = [{"by": "data", "key": "draw", "order": "low"}, {"by": "data", "key": "time", "order": "low"}]

    result = ranked(ties, rows=EQUAL, entrants=people)

    assert places(result) == {"a": 2, "b": 2, "c": 1, "d": 4}
    assert of(result, "a")["decided_by"] == "data:time"


def test_birth_date_high_puts_the_younger_first():
    people = [
        {"code": "a", "birth_date": "2001-05-31"},
        {"code": "b", "birth_date": "2001-06-01"},
        {"code": "c", "birth_date": "1999-01-01"},
        {"code": "d"},
    ]

    result = ranked([{"by": "data", "key": "birth_date", "order": "high"}], rows=EQUAL, entrants=people)

    assert places(result) == {"a": 2, "b": 1, "c": 3, "d": 4}


def test_sum_of_modules():
    """Totals 150 each; n + o: a 100, b 90."""
    modules = [module("m"), module("n"), module("o")]
    rows = scores(m={"a": 50, "b": 60}, n={"a": 50, "b": 40}, o={"a": 50, "b": 50})

    result = ranked([{"by": "sum", "keys": ["n", "o"]}], rows=rows, modules=modules)

    assert places(result) == {"a": 1, "b": 2}
    assert of(result, "b")["decided_by"] == "sum:n+o"


def test_part_and_stage_columns_break_ties():
    parts = [
        {"key": k, "stage": s, "name": k, "combine": "points"}
        for k, s in (("p", "one"), ("q", "two"), ("r", "two"))
    ]
    stages = [{"key": k, "name": k, "combine": "points"} for k in ("one", "two")]
    modules = [module(k, part=k) for k in "pqr"]
    rows = scores(p={"a": 10, "b": 20}, q={"a": 60, "b": 50}, r={"a": 40, "b": 50})

    for tie, expected in (
        ({"by": "part", "key": "q"}, {"a": 1, "b": 2}),
        ({"by": "stage", "key": "one"}, {"a": 2, "b": 1}),
    ):
        document = plan(
            *[m | {"part": m["key"]} for m in modules], parts=parts, stages=stages, ranking={"ties": [tie]}
        )
        assert places(answer(document, rows)) == expected


@pytest.mark.parametrize("level, expected", [("sheet", {"a": 2, "b": 1}), ("aspect", {"a": 1, "b": 2})])
def test_an_aspect_breaks_a_tie(level, expected):
    """A1: a 10 20 0, b 11 11 11. By sheet the plain means 10 and 11; by aspect, lowest dropped, 15 and 11.

    A2 makes the totals equal: sheets of 30 each; by aspect a 15 + (20 + 30) / 2 = 40, b 11 + 29 = 40.
    """
    panel = {"judges": 3, "level": level, "drop_low": 1}
    a2 = {"sheet": ((20, 10, 30), (19, 19, 19)), "aspect": ((20, 10, 30), (29, 29, 29))}[level]
    modules = [module("m", points("A1", 30), points("A2", 30), panel=panel)]
    rows = judged("m.A1", a=(10, 20, 0), b=(11, 11, 11)) + judged("m.A2", a=a2[0], b=a2[1])

    result = ranked([{"by": "aspect", "module": "m", "key": "A1"}], rows=rows, modules=modules)

    assert places(result) == expected
    assert sorted(column(result, "decided_by").values()) == ["", "aspect:m.A1"]


def test_a_measured_aspect_compares_the_value_that_stands():
    """Both times earn 60; the mean times are 12 and 11."""
    aspect = measured("A1", 60, table=[{"upto": 20, "points": 60}], attempts=2, better="low")
    modules = [module("m", aspect, panel={"judges": 2})]
    rows = lines("""a m J1 13 1\n a m J1 12 2\n a m J2 12 1\n b m J1 12 1\n b m J2 10 1""")

    result = ranked(
        [{"by": "aspect", "module": "m", "key": "A1", "order": "low"}], rows=rows, modules=modules
    )

    assert places(result) == {"a": 2, "b": 1}


def test_the_best_valid_attempt_and_who_has_none():
    """Best singles 11 and 10; c and d have none and come after, sharing."""
    aspect = measured("A1", 1000, itself=True, attempts=2, better="low", take="last")
    rows = lines("""a m J1 11 1\n a m J1 - 2 void\n b m J1 10 1\n b m J1 - 2 void
                    c m J1 - 1 void\n d m - - - absent""")

    result = ranked(
        [{"by": "attempt", "module": "m", "key": "A1", "order": "low"}],
        rows=rows,
        modules=[module("m", aspect)],
        order="low",
    )

    assert places(result) == {"a": 2, "b": 1, "c": 3, "d": 3}
    assert of(result, "a")["decided_by"] == "attempt:m.A1"


def test_untrimmed_drops_nothing():
    """Kept 80 each; with nothing dropped a has (60 + 80 + 90) / 3, b (70 + 80 + 85) / 3."""
    modules = [module("m", points(), panel={"judges": 3, "drop_high": 1, "drop_low": 1})]

    result = ranked([{"by": "untrimmed"}], rows=judged("m", a=(60, 80, 90), b=(70, 80, 85)), modules=modules)

    assert places(result) == {"a": 2, "b": 1}
    assert of(result, "a")["decided_by"] == "untrimmed"


def test_untrimmed_of_a_sum_is_measured_against_its_own_top():
    """Untrimmed 24 of 30 and 23 of 30; the trimmed top would be 10."""
    panel = {"judges": 3, "method": "sum", "drop_high": 1, "drop_low": 1}
    document = plan(
        module("m", points(top=10), panel=panel, weight=100),
        ranking={"ties": [{"by": "untrimmed"}]},
        parts=[{"key": "all", "stage": "final", "name": "x", "weight": 100}],
        stages=[{"key": "final", "name": "F"}],
    )

    assert places(answer(document, judged("m", a=(8, 8, 7), b=(8, 8, 8)))) == {"a": 2, "b": 1}


def test_better_places_counts_firsts_then_seconds():
    """m: a b c. n: c a b. o: b, then a and c equal. Firsts: one each; seconds: a two, b and c one."""
    modules = [module("m"), module("n"), module("o")]
    rows = scores(m={"a": 30, "b": 25, "c": 20}, n={"a": 10, "b": 0, "c": 20}, o={"a": 10, "b": 25, "c": 10})
    # totals 50 each; o gives a and c the shared place 2

    result = ranked([{"by": "better_places"}], rows=rows, modules=modules)

    # seconds: a (n, o) two, b (m) one, c (o) one; thirds: b one (n), c one (m): equal, so b and c share
    assert places(result) == {"a": 1, "b": 2, "c": 2}
    assert of(result, "b")["decided_by"] == "better_places"


def test_better_places_looks_within_the_group():
    """Without z of the other group, b has two firsts; with it, b would have none and a one."""
    people = [{"code": "a", "group": "x"}, {"code": "b", "group": "x"}, {"code": "z", "group": "y"}]
    modules = [module("m"), module("n"), module("o")]
    rows = scores(m={"a": 40, "b": 10, "z": 0}, n={"a": 10, "b": 25, "z": 90}, o={"a": 10, "b": 25, "z": 90})

    result = ranked([{"by": "better_places"}], rows=rows, modules=modules, entrants=people, by_group=True)

    assert places(result) == {"a": 2, "b": 1, "z": 1}


def test_by_group_and_the_place_among_all():
    people = [{"code": "a", "group": "x"}, {"code": "b", "group": "y"}, {"code": "c", "group": "x"}]

    result = ranked(rows=scores(m={"a": 50, "b": 60, "c": 70}), entrants=people, by_group=True)

    assert places(result) == {"a": 2, "b": 1, "c": 1}
    assert column(result, "place_overall") == {"a": 3, "b": 2, "c": 1}


def test_passed_only_gives_no_place_to_who_misses_a_pass_mark():
    modules = [module("m", pass_mark=50)]

    result = ranked(rows=scores(m={"a": 49, "b": 60, "c": 50}), modules=modules, passed_only=True)

    assert places(result) == {"a": None, "b": 1, "c": 2}


def test_who_is_not_normal_has_no_place_and_who_did_not_compete_no_total():
    rows = scores(m={e: 50 for e in "abcde"})
    rows += lines("b - - - - absent\nc - - - - withdrawn\nd - - - - disqualified\ne - - - - not_finished")

    result = ranked(rows=rows)

    assert places(result) == {"a": 1, "b": None, "c": None, "d": None, "e": None}
    assert [row["total"] for row in result["entrants"]] == [
        "50.0000",
        "0.0000",
        "0.0000",
        "0.0000",
        "50.0000",
    ]
    assert of(result, "d")["state"] == "disqualified"


def test_who_has_no_module_finished_has_no_place():
    assert places(ranked(rows=scores(m={"a": 50}), entrants=[{"code": "a"}, {"code": "b"}])) == {
        "a": 1,
        "b": None,
    }


def test_low_puts_the_unfinished_after_and_the_void_last():
    """a 90 and b 70 are done; c 10 with one module of three, d 30 and e 20 with two; f is void in one."""
    modules = [module("m"), module("n"), module("o")]
    rows = scores(
        m={"a": 30, "b": 30, "c": 10, "d": 20, "e": 10, "f": 1},
        n={"a": 30, "b": 20, "d": 10, "e": 10},
        o={"a": 30, "b": 20},
    ) + lines("f n - - - absent")

    result = ranked(rows=rows, modules=modules, order="low")

    assert places(result) == {"a": 2, "b": 1, "c": 5, "d": 4, "e": 3, "f": 6}


def test_void_totals_are_ordered_by_the_tie_keys_alone():
    """f has the lower total, g the better draw."""
    people = [{"code": "f", "draw": 2}, {"code": "g", "draw": 1}]
    rows = scores(m={"f": 10, "g": 50}) + lines("f n - - - void\ng n - - - absent")

    result = ranked([{"by": "data", "key": "draw", "order": "low"}], rows=rows, entrants=people, order="low")

    assert places(result) == {"f": 2, "g": 1}


def test_without_sharing_equals_stay_open_until_the_chief_rules():
    people = [
        {"code": "a", "ruling": "2"},
        {"code": "b", "ruling": "1"},
        {"code": "c", "ruling": "3"},
        {"code": "d"},
    ]

    open_result, ruled = ranked(rows=EQUAL, shared=False), ranked(rows=EQUAL, entrants=people, shared=False)

    assert (open_result["open_ties"], open_result["final"]) == ([["a", "b", "c"]], False)
    assert (places(ruled), ruled["open_ties"], ruled["final"]) == ({"a": 2, "b": 1, "c": 3, "d": 4}, [], True)
    assert of(ruled, "a")["decided_by"] == "ruling"


def test_a_ruling_counts_only_when_all_equals_have_one():
    people = [{"code": "a", "ruling": "2"}, {"code": "b", "ruling": "1"}, {"code": "c"}, {"code": "d"}]

    assert ranked(rows=EQUAL, entrants=people, shared=False)["open_ties"] == [["a", "b", "c"]]


def test_a_ruling_says_nothing_where_places_are_shared():
    people = [{"code": e, "ruling": n} for n, e in enumerate("abcd", 1)]

    assert places(ranked(rows=EQUAL, entrants=people)) == {"a": 1, "b": 1, "c": 1, "d": 4}


@pytest.mark.parametrize("compare, expected", [("rounded", {"a": 1, "b": 1}), ("exact", {"a": 2, "b": 1})])
def test_places_look_at_the_rounded_total_unless_exact(compare, expected):
    """33.333 and 33.334 are both printed 33.33."""
    document = plan(module("m"), rounding={"steps": [], "compare": compare})

    assert places(answer(document, scores(m={"a": "33.333", "b": "33.334"}))) == expected


def test_shuffling_the_entrants_changes_nobodys_place():
    ties = [{"by": "module", "key": "m"}]

    assert places(ranked(ties, rows=EQUAL)) == places(ranked(ties, rows=EQUAL[::-1]))


@pytest.mark.parametrize(
    "tie",
    [
        pytest.param({"by": "module", "key": "n"}, id="a module"),
        pytest.param({"by": "sum", "keys": ["n", "m"]}, id="a sum"),
        pytest.param({"by": "aspect", "module": "n", "key": "A1"}, id="an aspect"),
        pytest.param({"by": "attempt", "module": "n", "key": "A1"}, id="an attempt"),
    ],
)
def test_what_is_not_finished_breaks_no_tie(tie):
    """a is marked by both judges of n (worth nothing), b by one of them: both have 50 so far."""
    modules = [module("m"), module("n", points(), panel={"judges": 2, "factor": 0})]
    rows = scores(m={"a": 50, "b": 50}) + judged("n", a=(9, 9), b=(1,))

    assert places(ranked([tie], rows=rows, modules=modules)) == {"a": 1, "b": 1}


def test_an_aspect_of_a_measured_value_that_is_void_breaks_no_tie():
    modules = [module("m", measured(table=[{"upto": 9, "points": 1}]), lowest=0)]

    result = ranked(
        [{"by": "aspect", "module": "m", "key": "A1"}],
        rows=lines("a m J1 - - void\nb m J1 10"),
        modules=modules,
    )

    assert places(result) == {"a": 1, "b": 1}


def test_untrimmed_reaches_into_several_panels():
    """Panel p keeps 8 of 7 8 8 and of 8 8 8; with nothing dropped b has more."""
    entry = module("m", points("A1", 10)) | {
        "panels": [
            {"key": "p", "name": "P", "judges": 3, "drop_high": 1, "drop_low": 1},
            {"key": "q", "name": "Q", "judges": 1},
        ]
    }
    entry["criteria"] = [
        {"key": k, "name": k, "panel": p, "aspects": [points(f"{k}1", 10)]} for k, p in ("Ap", "Bq")
    ]
    rows = judged("m.A1", a=(7, 8, 8), b=(8, 8, 8)) + judged("m.B1", a=(5,), b=(5,))

    assert places(ranked([{"by": "untrimmed"}], rows=rows, modules=[entry])) == {"a": 2, "b": 1}


def test_all_equals_show_what_separates_them_from_those_next_better():
    rows = scores(m={"a": 90, "b": 80, "c": 80, "d": 70, "e": 60, "f": 60}, n={"d": 10, "e": 20, "f": 20})

    result = ranked([{"by": "module", "key": "m"}], rows=rows)  # totals 90, then 80 for b to f

    assert places(result) == {"a": 1, "b": 2, "c": 2, "d": 4, "e": 5, "f": 5}
    assert column(result, "decided_by") == {
        "a": "",
        "b": "total",
        "c": "total",
        "d": "module:m",
        "e": "module:m",
        "f": "module:m",
    }


def test_where_less_is_better_void_and_finished_are_keys_of_their_own():
    rows = scores(m={"a": 30, "b": 30, "c": 10, "d": 20, "e": 1}, n={"a": 10, "b": 20, "f": 1})
    rows += lines("e n - - - absent\nf m - - - void")

    result = ranked(rows=rows, order="low")

    assert places(result) == {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 5}
    assert column(result, "decided_by") == {
        "a": "",
        "b": "total",
        "c": "finished",
        "d": "total",
        "e": "void",
        "f": "void",
    }


def test_passed_only_looks_at_what_is_done_and_passed_at_everything():
    """a has reached m and is not marked in n yet; b has missed m."""
    modules = [module("m", pass_mark=50), module("n", pass_mark=50)]

    result = ranked(
        rows=scores(m={"a": 60, "b": 40, "c": 50}, n={"b": 90, "c": 50}), modules=modules, passed_only=True
    )

    assert places(result) == {"a": 2, "b": None, "c": 1}
    assert column(result, "passed") == {"a": False, "b": False, "c": True}


def test_who_is_not_normal_has_not_passed():
    result = ranked(rows=scores(m={"a": 60}, n={"a": 60}) + lines("a - - - - not_finished"))

    assert of(result, "a")["passed"] is False


def test_better_places_is_had_when_all_modules_are_done():
    """a has one first place; b, with as much, lacks o: the key is not used."""
    rows = scores(m={"a": 50, "b": 40}, n={"a": 40, "b": 50}, o={"a": 0})

    result = ranked([{"by": "better_places"}], rows=rows, modules=[module("m"), module("n"), module("o")])

    assert places(result) == {"a": 1, "b": 1}


def test_a_void_module_has_no_place_where_less_is_better():
    """e is void in m and n, f in n and o: e has o left, where it is first; f has m, where it is third."""
    rows = scores(m={"f": 9, "g": 1, "h": 2}, n={"g": 5, "h": 6}, o={"e": 1, "g": 5, "h": 6})
    rows += lines("e m - - - absent\ne n - - - absent\nf n - - - absent\nf o - - - absent")

    result = ranked(
        [{"by": "better_places"}], rows=rows, modules=[module("m"), module("n"), module("o")], order="low"
    )

    assert places(result) == {"e": 3, "f": 4, "g": 1, "h": 2}


def test_an_aspect_is_had_when_the_module_is_done():
    """b's judges lie too far apart for the panel, so the module waits; 50 so far by p for both."""
    panel = {"judges": 2, "remark": True, "factor": 0}
    judgement = {"key": "A1", "name": "x", "kind": "judgement", "max": 30}
    modules = [module("m"), module("n", judgement, panel=panel)]
    rows = scores(m={"a": 50, "b": 50}) + judged("n", a=(1, 1), b=(3, 0))

    assert places(ranked([{"by": "aspect", "module": "n", "key": "A1"}], rows=rows, modules=modules)) == {
        "a": 1,
        "b": 1,
    }


@pytest.mark.parametrize("n, expected", [({"b": 0}, []), ({"a": 0, "b": 0}, [["a", "b"]])])
def test_equals_wait_for_a_ruling_once_all_of_them_are_complete(n, expected):
    result = ranked(rows=scores(m={"a": 50, "b": 50}, n=n), shared=False)

    assert (places(result), result["open_ties"], result["final"]) == ({"a": 1, "b": 1}, expected, False)


def test_untrimmed_is_had_when_the_stage_is_done():
    """b has not finished n; only then do 230 and 235 without drops part them."""
    modules = [module("m", points(), panel={"judges": 3, "drop_high": 1, "drop_low": 1}), module("n")]
    rows = judged("m", a=(60, 80, 90), b=(70, 80, 85)) + scores(n={"a": 0})

    before = ranked([{"by": "untrimmed"}], rows=rows, modules=modules)
    after = ranked([{"by": "untrimmed"}], rows=rows + scores(n={"b": 0}), modules=modules)

    assert (places(before), places(after)) == ({"a": 1, "b": 1}, {"a": 2, "b": 1})


@pytest.mark.parametrize(
    "aspect, marks",
    [
        pytest.param({"kind": "judgement", "max": 30}, "12", id="a judgement"),
        pytest.param(
            {"kind": "checklist", "items": [{"points": 1}, {"points": 9}]}, ["1;0", "0;1"], id="a checklist"
        ),
        pytest.param(
            {"kind": "deductions", "max": 9, "reasons": [{"points": 2}]}, ["1:1", "0"], id="deductions"
        ),
        pytest.param(
            {"kind": "grade", "max": 9, "grades": [{"key": "A", "points": 9}, {"key": "B", "points": 5}]},
            "BA",
            id="a grade",
        ),
    ],
)
def test_what_has_no_attempts_is_compared_by_what_it_earns(aspect, marks):
    """n is worth nothing, so that the totals are equal."""
    entry = module("n", {"key": "A1", "name": "x"} | aspect, panel={"factor": 0})
    rows = (
        scores(m={"a": 5, "b": 5, "c": 5}) + judged("n", a=marks[:1], b=marks[1:]) + lines("c n - - - absent")
    )

    result = ranked([{"by": "attempt", "module": "n", "key": "A1"}], rows=rows, modules=[module("m"), entry])

    assert places(result) == {"a": 2, "b": 1, "c": 3}
