"""Every place of a plan file is found on its line."""

import tomllib

import pytest
from hypothesis import HealthCheck, given, settings

from contest.scoring.scheme import PlanError, Problem
from contest.scoring.scheme_lines import line_of, lines_of, located
from contest.scoring.scheme_reading import document_from, plan_from
from contest.setup.plan_text import toml_of
from contest.setup.presets import list_presets
from tests.scoring.plans import examples
from tests.setup.plans_by_chance import documents, read

TEXT = '''\
# A comment with [brackets] and = signs
name = "a [[modules]] in words # not a comment"   # [teams]
note = """
several [lines]
"" and a quote\\""""
raw = \'\'\'
[modules]
\'\'\'

[ranking]
ties = [
  {by = "part", key = "a]b"}, # one, [two]

  {by = "module", key = 'c}d'},
]
rounding.places = 2
"quoted.key" . inner = 1979-05-27T07:32:00
[[modules]]
key = "first"
panel = {judges = 7, weights = [1, 2,
  3], tolerance = [{least = 1, apart = 2}]}
  [[modules.criteria]]
  key = "A"
  aspects = [ {key = "A1", levels = [
    {name = "x"},
    {name = "y"}]}, {key = "A2"} ]
  [[modules.criteria]]
  key = "B"
[[modules]]
key = "second"
[modules.adjustment]
method = "z"
[[modules.criteria]]
[[modules.criteria.aspects]]
max = 3
[[modules.criteria.aspects]]
max = 4
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("name", 2), ("note", 3), ("raw", 6), ("ranking", 10), ("ranking.ties", 11),
        ("ranking.ties[0]", 12), ("ranking.ties[0].key", 12), ("ranking.ties[1].by", 14),
        ("ranking.rounding", 16), ("ranking.rounding.places", 16), ("modules", 18),
        ("modules[0]", 18), ("modules[0].key", 19), ("modules[0].panel", 20),
        ("modules[0].panel.judges", 20), ("modules[0].panel.weights[1]", 20),
        ("modules[0].panel.weights[2]", 21), ("modules[0].panel.tolerance[0].apart", 21),
        ("modules[0].criteria", 22), ("modules[0].criteria[0].key", 23),
        ("modules[0].criteria[0].aspects[0].levels[1].name", 26),
        ("modules[0].criteria[0].aspects[1].key", 26), ("modules[0].criteria[1].key", 28),
        ("modules[1]", 29), ("modules[1].adjustment", 31), ("modules[1].adjustment.method", 32),
        ("modules[1].criteria[0].aspects[0].max", 35),
        ("modules[1].criteria[0].aspects[1].max", 37),
    ],
)
def test_a_place_is_found_on_its_line(path, line):
    tomllib.loads(TEXT)  # it is TOML

    assert lines_of(TEXT)[path] == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("modules[1].name", 29), ("modules[0].panel.method", 20), ("modules[7].key", 18),
        ("modules[0].criteria[1].aspects", 27), ("modules[1].adjustment.least", 31),
        ("format", 1), ("stages", 1), ("", 0),
        ("modules[1].a strange] [key.", 29),
    ],
)
def test_what_is_missing_is_found_where_it_should_stand(path, line):
    assert line_of(lines_of(TEXT), Problem(path, "This field is missing.", {})) == line


def test_windows_line_ends_count_once():
    assert lines_of(TEXT.replace("\n", "\r\n")) == lines_of(TEXT)


@pytest.mark.parametrize("preset", list_presets(), ids=lambda preset: preset.key)
def test_every_key_of_a_preset_is_on_the_line_where_it_is_written(preset):
    rows = preset.text.splitlines()

    for path, line in lines_of(preset.text).items():
        if not path.endswith("]"):
            assert path.rsplit(".", 1)[-1] in rows[line - 1], path


def places(value, path=""):
    """Every path in a document."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, f"{path}[{index}]")


@settings(max_examples=examples(100), deadline=None, suppress_health_check=list(HealthCheck))
@given(documents)
def test_every_place_of_any_plan_has_its_line(document):
    text = toml_of(read(document)[0])

    found = lines_of(text)

    assert set(found) == set(places(document_from(text)))
    assert max(found.values()) <= text.count("\n")


def refused(text):
    with pytest.raises(PlanError) as why:
        plan_from(document_from(text))
    return [str(problem) for problem in located(why.value.problems, text)]


def test_a_refusal_names_the_line_the_key_and_what_is_allowed():
    text = next(p.text for p in list_presets() if p.key == "c1_cement")
    line = next(i for i, row in enumerate(text.splitlines(), 1) if "judges = 7" in row)

    (problem,) = refused(text.replace("judges = 7", "judges = 700", 1))

    assert problem == (
        f"line {line}, modules[3].panel.judges: This must be a whole number between 1 and 99."
    )


SMALL = """format = 1
name = "x"
stages = [{key = "final", name = "F", combine = "points"}]
parts = [{key = "p", stage = "final", name = "P", combine = "points"}]
[[modules]]
key = "drill"
part = "p"
name = "D"
panel = {judges = 3}
[[modules.criteria]]
key = "A"
name = "A"
[[modules.criteria.aspects]]
key = "A1"
name = "Q"
kind = "points"
max = 10
step = 1
"""


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ("max = 10", "max = nan", "line 17, modules[0].criteria[0].aspects[0].max: This must be a number"),
        ("max = 10", "max = inf", "line 17, modules[0].criteria[0].aspects[0].max: This must be a number"),
        ("max = 10", "max = -10", "line 17, modules[0].criteria[0].aspects[0].max: This must be a number"),
        ("max = 10", "max = 1e999999999",
         "line 17, modules[0].criteria[0].aspects[0].max: This must be a number"),
        ("max = 10", "max = 1e-99999999999999999999",
         "line 17, modules[0].criteria[0].aspects[0].max: This must be a number"),
        ("max = 10", "max = 0x" + "f" * 5000,
         "line 17, modules[0].criteria[0].aspects[0].max: This must be a number"),
        ("step = 1", 'step = "half"', "line 18, modules[0].criteria[0].aspects[0].step: This must be"),
        ('kind = "points"', 'kind = "pionts"',
         "line 16, modules[0].criteria[0].aspects[0].kind: This must be one of"),
        ('"A1"', '"R"', "line 14, modules[0].criteria[0].aspects[0].key: The key must be a capital"),
        ('key = "A"', 'key = "a"', "line 11, modules[0].criteria[0].key: The key must be one capital"),
        ("judges = 3", "judges = " + "9" * 5000, "line 9: A number has too many digits: at most 12"),
        ("judges = 3", "judges = 99999999999999", "line 9, modules[0].panel.judges: This must be a whole"),
        ("format = 1", "format = 2", "line 1, format: This must be 1."),
    ],
)
def test_a_mistake_inside_a_module_is_told_where_it_is_and_alone(right, wrong, place):
    (problem,) = refused(SMALL.replace(right, wrong, 1))

    assert problem.startswith(place)


def test_text_that_is_no_toml_names_the_reader_s_line():
    assert refused('name = "x"\n\nweights 30')[0].startswith("line 3: This is not a TOML file")


