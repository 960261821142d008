"""Section 8: awards."""

import pytest

from tests.recount.sheets import answer, column, lines, module, plan, scores

FIELD = {"a": 90, "b": 80, "c": 80, "d": 70, "e": 60, "f": 50}


def award(key="first", rule="count", **fields):
    return {"key": key, "name": key, "to": "entrant", "rule": rule, **fields}


def given(*awards, entrants=None, rows=None, modules=None, extra="", **sections):
    """{award: who has it, as one word}."""
    document = plan(*(modules or [module("m")]), awards=list(awards), **sections)
    result = answer(document, (rows or scores(m=FIELD)) + lines(extra), entrants)
    return {a["key"]: "".join(r["code"] for r in result["awards"] if r["award"] == a["key"]) for a in awards}


@pytest.mark.parametrize(
    "rule, expected",
    [
        pytest.param({"rule": "count", "count": 1}, "a", id="count"),
        pytest.param({"rule": "count", "count": 2}, "abc", id="equals on the last place all get it"),
        pytest.param({"rule": "count", "count": 2, "border": "out"}, "a", id="none of the equals"),
        pytest.param({"rule": "count", "count": 0}, "", id="none"),
        pytest.param({"rule": "count", "count": 9}, "abcdef", id="more than there are"),
        pytest.param({"rule": "ratio", "ratio": 50}, "abc", id="half of six"),
        pytest.param({"rule": "ratio", "ratio": 10}, "a", id="0.6 to 1"),
        pytest.param({"rule": "ratio", "ratio": 25}, "abc", id="1.5 half up to 2, with the equals"),
        pytest.param({"rule": "ratio", "ratio": 25, "rounding": "down"}, "a", id="1.5 down"),
        pytest.param({"rule": "ratio", "ratio": 55, "rounding": "up"}, "abcd", id="3.3 up"),
        pytest.param({"rule": "ratio", "fraction": "1/6"}, "a", id="a fraction"),
        pytest.param({"rule": "threshold", "least": 80}, "abc", id="the total reaches it"),
        pytest.param({"rule": "threshold", "least": "80.01"}, "a", id="the total misses it"),
        pytest.param({"rule": "top", "first": 2, "last": 4}, "bcd", id="places 2 to 4"),
        pytest.param({"rule": "top", "last": 2}, "abc", id="1 to 2, with the equals"),
        pytest.param({"rule": "top", "last": 2, "border": "out"}, "a", id="1 to 2, without the equals"),
        pytest.param({"rule": "vote", "count": 3}, "", id="the committee chooses"),
    ],
)
def test_a_rule_gives(rule, expected):
    assert given(award(**rule))["first"] == expected


def test_the_next_places_come_after_the_prizes_before():
    result = given(award("first", count=1), award("second", count=2), award("third", count=1))

    assert result == {"first": "a", "second": "bc", "third": "d"}


def test_equals_who_were_left_out_of_one_prize_are_next_for_the_following():
    assert given(award("first", count=2, border="out"), award("second", count=2)) == {
        "first": "a",
        "second": "bc",
    }


def test_a_cumulative_ratio_counts_all_prizes_up_to_this_one():
    """50 % of 6 is 3, less 1 given: 2. Not cumulative: the next 3."""
    first = award("first", count=1)

    assert given(first, award("second", "ratio", ratio=50, cumulative=True))["second"] == "bc"
    assert given(first, award("second", "ratio", ratio=50))["second"] == "bcd"


def test_a_cumulative_ratio_takes_back_what_equals_got_before():
    """First: 33 % of 6 = 2, three get it. Second: 50 % of 6 = 3, less 3: none."""
    result = given(award("first", "ratio", ratio=33), award("second", "ratio", ratio=50, cumulative=True))

    assert result == {"first": "abc", "second": ""}


def test_threshold_and_top_do_not_look_at_prizes():
    result = given(award("first", count=2), award("good", "threshold", least=85), award("best", "top"))

    assert result == {"first": "abc", "good": "a", "best": "a"}


def test_a_threshold_of_a_part_a_module_or_any_module():
    modules, rows = (
        [module("m"), module("n")],
        scores(m={"a": 90, "b": 10, "c": 50}, n={"a": 10, "b": 95, "c": 50}),
    )

    assert given(award("x", "threshold", least=90, module="n"), modules=modules, rows=rows) == {"x": "b"}
    assert given(award("x", "threshold", least=90, any=True), modules=modules, rows=rows) == {"x": "ba"}
    assert given(award("x", "threshold", least=101, part="all"), modules=modules, rows=rows) == {"x": "b"}


def test_a_ratio_is_of_those_who_competed_or_of_all_who_are_registered():
    """Six are listed, two were absent or withdrew: 50 % of 4 or of 6."""
    extra = "e - - - - absent\nf - - - - withdrawn"

    assert given(award("x", "ratio", ratio=25), extra=extra) == {"x": "a"}
    assert given(award("x", "ratio", ratio=50, of="registered"), extra=extra) == {"x": "abc"}


def test_passed_asks_for_every_pass_mark():
    modules = [module("m", pass_mark=80)]

    assert given(award("x", count=9, passed=True), modules=modules) == {"x": "abc"}


def test_unless_passes_over_who_has_another_award():
    assert given(award("x", "top"), award("y", count=1, unless=["x"])) == {"x": "a", "y": "bc"}


def test_an_award_may_need_enough_who_competed():
    assert given(award("x", from_competed=6) | {"count": 1}) == {"x": "a"}
    assert given(award("x", from_competed=7) | {"count": 1}) == {"x": ""}


PEOPLE = [
    {
        "code": "a",
        "gender": "male",
        "employment": "staff",
        "birth_date": "1990-03-01",
        "titles": "master;expert",
    },
    {"code": "b", "gender": "female", "employment": "student", "birth_date": "1990-02-28", "titles": "other"},
    {"code": "c", "gender": "female", "employment": "staff", "birth_date": "1970-01-01", "titles": ""},
    {"code": "d", "gender": "", "employment": "", "birth_date": "", "titles": ""},
    {"code": "e"},
    {"code": "f"},
]


@pytest.mark.parametrize(
    "only, expected",
    [
        pytest.param({"gender": "female"}, "bc", id="gender; d, e, f lack it"),
        pytest.param({"employment": "staff"}, "ac", id="employment"),
        # on 2025-02-28 a is 34 (35 tomorrow), b is 35 today
        pytest.param({"most_age": 34, "on": "2025-02-28"}, "a", id="most age in whole years"),
        pytest.param({"least_age": 35, "on": "2025-02-28"}, "bc", id="least age in whole years"),
        pytest.param({"least_age": 35, "most_age": 40, "on": "2025-02-28"}, "b", id="both"),
        pytest.param({"without_title": "expert"}, "bcdef", id="who holds the title is passed over"),
    ],
)
def test_only_some_may_take_it(only, expected):
    assert given(award("x", "top", last=6, only=only), entrants=PEOPLE) == {"x": expected}


def test_only_one_group():
    people = [{"code": e, "group": "x" if e in "ace" else "y"} for e in "abcdef"]

    assert given(award("x", count=2, only={"group": "y"}), entrants=people) == {"x": "bd"}


def test_the_award_place_is_the_place_among_those_who_may_take_it():
    document = plan(module("m"), awards=[award("x", count=3, unless=["w"]), award("w", "top")])
    document["awards"].reverse()

    rows = [
        (r["award"], r["code"], r["place"], r["award_place"])
        for r in answer(document, scores(m=FIELD))["awards"]
    ]

    assert rows == [("w", "a", 1, 1), ("x", "b", 2, 1), ("x", "c", 2, 1), ("x", "d", 4, 3)]


def test_awards_are_given_within_each_group():
    people = [{"code": e, "group": "x" if e in "abc" else "y"} for e in "abcdef"]
    document = plan(module("m"), awards=[award("x", count=1)], ranking={"by_group": True})

    result = answer(document, scores(m=FIELD), people)

    assert [(r["code"], r["group"]) for r in result["awards"]] == [("a", "x"), ("d", "y")]
    assert result["quotas"] == [{"award": "x", "group": g, "base": 0, "count": 1, "given": 1} for g in "xy"]


@pytest.mark.parametrize(
    "points, count, expected",
    [
        # group y is d e f: half of those who competed
        pytest.param(0, 4, "abcde", id="4 x 50 % = 2 for y: d e; two for x: a and, with the equals, b c"),
        pytest.param(25, 4, "adef", id="4 x 75 % = 3 for y; one for x"),
        pytest.param(-50, 2, "abc", id="2 x 0 = 0 for y"),
        pytest.param(99, 2, "de", id="2 x 149 % = 3, at most 2"),
        pytest.param(10, 1, "d", id="1 x 60 % = 0.6, half up to 1"),
    ],
)
def test_a_shift_moves_prizes_to_a_group(points, count, expected):
    people = [{"code": e, "group": "x" if e in "abc" else "y"} for e in "abcdef"]

    assert given(award("x", count=count, shift={"group": "y", "points": points}), entrants=people) == {
        "x": expected
    }


def test_one_each_passes_over_a_person_who_has_an_award():
    """a and b are one person; titles neither count nor are stopped."""
    people = [{"code": e, "person": "p" if e in "ab" else ""} for e in "abcdef"]
    awards = [
        award("title", "top", title=True),
        award("first", "top"),
        award("second", "top"),
        award("master", "top", title=True),
    ]

    assert given(*awards, entrants=people, prizes={"one_each": True}) == {
        "title": "a",
        "first": "a",
        "second": "c",
        "master": "a",
    }
    assert given(*awards, entrants=people)["second"] == "a"


def test_titles_do_not_take_the_place_of_prizes():
    awards = [award("title", count=1, title=True), award("first", count=1), award("second", count=1)]

    assert given(*awards) == {"title": "a", "first": "a", "second": "bc"}


def test_who_has_no_place_gets_nothing():
    assert given(award("x", count=2), extra="a - - - - disqualified") == {"x": "bc"}


def test_teams_and_organisations_get_awards():
    people = [
        {"code": "a", "team": "t", "organisation": "o"},
        {"code": "b", "team": "u", "organisation": "p"},
    ]
    awards = [
        award("house", count=1) | {"to": "organisation"},
        award("first", count=1),
        award("team", count=1) | {"to": "team"},
    ]
    document = plan(
        module("m"),
        awards=awards,
        teams={"method": "sum"},
        organisations={"points": [{"award": "first", "points": 1}]},
    )

    result = answer(document, scores(m={"a": 5, "b": 9}), people)

    assert [(r["award"], r["to"], r["code"]) for r in result["awards"]] == [
        ("house", "organisation", "p"),
        ("first", "entrant", "b"),
        ("team", "team", "u"),
    ]
    assert column(result, "awards") == {"a": [], "b": ["first"]}
    assert [t["awards"] for t in result["teams"]] == [[], ["team"]]
    assert [q["award"] for q in result["quotas"]] == ["house", "first", "team"]


def test_quotas_say_how_many_there_were_and_how_many_were_given():
    document = plan(module("m"), awards=[award("x", "ratio", ratio=25), award("y", "threshold", least=70)])

    assert answer(document, scores(m=FIELD))["quotas"] == [
        {"award": "x", "group": "", "base": 6, "count": 2, "given": 3},
        {"award": "y", "group": "", "base": 0, "count": None, "given": 4},
    ]


TWO_TEAMS = [{"code": "a", "team": "t"}, {"code": "b", "team": "t"}, {"code": "c", "team": "u"}]


@pytest.mark.parametrize(
    "rule, expected",
    [
        # t has 90 + 80, u has 80
        pytest.param({"rule": "threshold", "least": 170}, "t", id="the team's mark reaches it"),
        pytest.param({"rule": "threshold", "least": 171}, "", id="the team's mark misses it"),
        pytest.param(
            {"rule": "count", "count": 2, "passed": True}, "u", id="all members who count have passed"
        ),
        pytest.param(
            {"rule": "count", "count": 2, "only": {"gender": "female"}}, "", id="a team has no gender"
        ),
        pytest.param({"rule": "ratio", "ratio": 50}, "t", id="half of two teams"),
    ],
)
def test_awards_to_teams(rule, expected):
    rows = scores(m={"a": 90, "b": 80, "c": 80}) + lines("a n - 0\nb n - 0\nc n - 0")
    rows = [row | {"value": "9"} if row["entrant"] == "c" and row["item"] == "n" else row for row in rows]
    modules = [module("m"), module("n", pass_mark=1, weight=1)]
    document = plan(*modules, awards=[award(**rule) | {"to": "team"}], teams={"method": "sum"})

    assert "".join(r["code"] for r in answer(document, rows, TWO_TEAMS)["awards"]) == expected


def test_an_organisation_gets_an_award_for_its_points():
    people = [{"code": "a", "organisation": "o"}, {"code": "b", "organisation": "p"}]
    document = plan(
        module("m"),
        awards=[award("first", count=1), award("house", "threshold", least=5) | {"to": "organisation"}],
        organisations={"points": [{"award": "first", "points": 5}]},
    )

    result = answer(document, scores(m={"a": 1, "b": 2}), people)

    assert [r["code"] for r in result["awards"]] == ["b", "p"]


def test_without_title_may_mean_the_title_that_the_award_brings():
    people = [{"code": "a", "titles": "master"}, *({"code": e} for e in "bcdef")]
    title = award("x", "top", title=True, level="master", only={"without_title": True})

    assert given(title, entrants=people) == {"x": "bc"}


def test_the_award_place_counts_those_who_have_a_prize_already():
    document = plan(module("m"), awards=[award("x", count=1), award("y", count=3)])

    rows = [(r["award"], r["code"], r["award_place"]) for r in answer(document, scores(m=FIELD))["awards"]]

    assert rows == [("x", "a", 1), ("y", "b", 2), ("y", "c", 2), ("y", "d", 4)]


def test_within_one_award_only_the_persons_best_entry_counts():
    people = [{"code": e, "person": "p" if e in "ab" else ""} for e in "abcdef"]

    assert given(award("x", count=2), entrants=people, prizes={"one_each": True}) == {"x": "ac"}


def test_a_shift_has_two_quotas_of_the_group_and_of_the_others():
    """6 x 50 % = 3 prizes; y has half of those who competed and 10 points more: 1.8, so 2; 1 for the rest."""
    people = [{"code": e, "group": "x" if e in "abc" else "y"} for e in "abcdef"]
    shift = {"group": "y", "points": 10}

    result = answer(
        plan(module("m"), awards=[award("x", "ratio", ratio=50, shift=shift)]), scores(m=FIELD), people
    )

    assert result["quotas"] == [
        {"award": "x", "group": "y", "base": 6, "count": 2, "given": 2},
        {"award": "x", "group": "", "base": 6, "count": 1, "given": 1},
    ]
    assert [(r["code"], r["group"], r["award_place"]) for r in result["awards"]] == [
        ("a", "", 1),
        ("d", "y", 4),
        ("e", "y", 5),
    ]


def test_quotas_of_votes_of_places_and_of_too_few():
    """A vote has none; where too few competed it is 0, of a threshold still null."""
    awards = [award("x", "vote", count=3), award("y", "top", first=2, last=4), award("z", from_competed=9)]
    awards.append(award("w", "threshold", least=1, from_competed=9))
    document = plan(module("m"), awards=awards)

    quotas = answer(document, scores(m=FIELD))["quotas"]
    assert [(q["award"], q["base"], q["count"], q["given"]) for q in quotas] == [
        ("y", 0, 3, 3),
        ("z", 0, 0, 0),
        ("w", 0, None, 0),
    ]


def test_awards_are_those_of_the_last_stage():
    stages = [{"key": k, "name": k, "combine": "points"} for k in ("one", "two")]
    parts = [{"key": k, "stage": k, "name": k, "combine": "points"} for k in ("one", "two")]
    document = plan(
        module("m", part="one"),
        module("n", part="two"),
        stages=stages,
        parts=parts,
        awards=[award("x", count=1)],
        organisations={"points": [{"award": "x", "points": 1}]},
    )
    people, rows = [{"code": "a", "organisation": "o"}], scores(m={"a": 1}, n={"a": 1})

    early, late = answer(document, rows, people, stage="one"), answer(document, rows, people)

    assert [early[k] for k in ("awards", "quotas", "organisations")] == [[], [], []]
    assert early["entrants"][0]["awards"] == []
    assert [len(late[k]) for k in ("awards", "quotas", "organisations")] == [1, 1, 1]


def test_passed_asks_for_everything_to_be_complete():
    rows = scores(m=FIELD, n={"a": 1, "c": 1})

    assert given(award("x", count=9, passed=True), modules=[module("m"), module("n")], rows=rows) == {
        "x": "ac"
    }


@pytest.mark.parametrize(
    "rule, expected",
    [
        pytest.param({}, "b", id="the total"),
        pytest.param({"part": "all"}, "b", id="a part"),
        pytest.param({"module": "n"}, "", id="a module"),
        pytest.param({"any": True}, "ab", id="any module"),
    ],
)
def test_a_threshold_needs_the_column_to_be_done(rule, expected):
    """a has 90 in m and nothing yet in n; b has 80 and 5."""
    rows, modules = scores(m={"a": 90, "b": 80}, n={"b": 5}), [module("m"), module("n")]

    assert given(award("x", "threshold", least=70, **rule), rows=rows, modules=modules) == {"x": expected}


def test_a_threshold_of_a_team_needs_the_team_to_be_done():
    rows, people = scores(m={"a": 90, "c": 80}), [{"code": e, "team": "t"} for e in "ab"]
    people.append({"code": "c", "team": "u"})
    document = plan(
        module("m"), awards=[award("x", "threshold", to="team", least=50)], teams={"method": "sum"}
    )

    assert [r["code"] for r in answer(document, rows, people)["awards"]] == ["u"]


def test_registered_are_all_who_are_in_the_stage():
    """Two of four go on, one of them withdrew: registered are 2, competed 1; one team and organisation."""
    keys = ("one", "two")
    people = [{"code": e, "team": t, "organisation": t} for e, t in zip("abcd", "ttuu", strict=True)]
    awards = [
        award("x", "ratio", ratio=100, of="registered"),
        award("y", "ratio", ratio=100),
        award("z", "ratio", ratio=100, of="registered", to="team"),
        award("o", "ratio", ratio=100, of="registered", to="organisation"),
    ]
    document = plan(
        module("m", part="one"),
        module("n", part="two"),
        parts=[{"key": k, "stage": k, "name": k, "combine": "points"} for k in keys],
        stages=[{"key": k, "name": k, "combine": "points", "advance": 2} for k in keys],
        teams={"method": "sum"},
        awards=awards,
        organisations={},
    )
    rows = scores(m={"a": 9, "b": 8, "c": 7, "d": 6}, n={"a": 1})

    result = answer(document, rows + lines("b n - - - absent"), people)

    assert {q["award"]: q["base"] for q in result["quotas"]} == {"x": 2, "y": 1, "z": 1, "o": 1}
