"""The published JSON Schema takes what plan_from can read, and refuses what it cannot."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from contest.scoring.scheme_reading import document_from, plan_document
from contest.scoring.scheme_schema import plan_schema
from contest.setup.presets import list_presets
from contest.setup.schema_text import schema_text
from tests.factories import plan_document as small_document
from tests.scoring.plans import examples
from tests.setup.plans_by_chance import documents, read

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "tests" / "published").glob("*.toml"))
TEXTS = {preset.key: preset.text for preset in list_presets()} | {
    path.stem: path.read_text("utf-8") for path in EXAMPLES
}
SCHEMA = Draft7Validator(plan_schema())
any_time = settings(deadline=None, suppress_health_check=list(HealthCheck))


def as_json(document, amounts=str):
    """The document as JSON has it, decimals and days as text."""
    plain = json.dumps(document, default=lambda v: (amounts if isinstance(v, Decimal) else str)(v))
    return json.loads(plain)


def faults(document, amounts=str):
    return [f"{error.json_path}: {error.message}" for error in SCHEMA.iter_errors(as_json(document, amounts))]


def test_the_published_file_is_current():
    """`contest plan schema -o docs/rules/plan.schema.json` writes it anew."""
    assert (ROOT / "docs" / "rules" / "plan.schema.json").read_text("utf-8") == schema_text()


def test_it_is_a_schema():
    Draft7Validator.check_schema(plan_schema())


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("amounts", [str, float])
def test_every_preset_and_example_is_taken(name, amounts):
    """As our own JSON, and as an editor of TOML sees it, with numbers."""
    assert faults(document_from(TEXTS[name]), amounts) == []


@settings(any_time, max_examples=examples(100))
@given(documents)
def test_whatever_can_be_read_is_taken(document):
    plan, problems = read(document)

    assert problems == []
    assert faults(document) == []
    assert faults(plan_document(plan)) == []


def places(value, way=()):
    """Every place in a document, as (container, key)."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        yield value, key
        yield from places(inner)


strange = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**7), 10**7), st.just([]), st.just({}), st.just([{}]),
    st.integers(-(10**11), 10**11).map(lambda n: str(Decimal(n).scaleb(-5))),
    st.integers(-(10**8), 10**8).map(lambda n: Decimal(n).scaleb(-5)),
    st.text(max_size=4), st.text("0123456789/-.+ \n", max_size=8),
    st.sampled_from([
        "x" * 201, "x" * 4001, "A1", "A", "key", "key\n", "1/12", "13/12", "0/3", "120/99", "99/98",
        "2026-02-30", "2025-02-29", "2024-02-29", "1900-02-29", "0000-01-01", "2026-01-01\n",
        "1000000.0001", "100.0001", "-0.0001", "0.00001", "0000000000001", "nan", "NaN", "1e3", "１",
        "points", "high", "best", ["module"], ["module", "nothing"], [1], ["1"], [{"by": "untrimmed"}],
    ]),
)


@settings(any_time, max_examples=examples(300))
@given(documents, st.data())
def test_what_is_refused_for_its_form_is_refused_by_the_schema(document, data):
    spots = list(places(document))
    for _ in range(data.draw(st.integers(1, 3), "changes")):
        container, key = data.draw(st.sampled_from(spots), "where")
        act = data.draw(st.sampled_from(["put", "put", "take", "add", "rename"]), "act")
        if isinstance(container, list) and key >= len(container):
            continue
        if act == "put":
            container[key] = data.draw(strange, "value")
        elif act == "take":
            container.pop(key) if isinstance(container, list) else container.pop(key, None)
        elif isinstance(container, dict):
            container[data.draw(st.sampled_from(["oops", "points", "key", "name", "from"]))] = (
                container.pop(key, None) if act == "rename" else data.draw(strange, "value")
            )
    assume(read(document)[1])

    # A decimal of TOML is a number in JSON, or the text that keeps its digits: one of them shows it.
    assert faults(document) + faults(document, float) != []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d.update(oops=1), "'oops'"),
        (lambda d: d.pop("name"), "'name' is a required property"),
        (lambda d: d["modules"][1]["panel"].update(drop_hi=1), "'drop_hi'"),
        (lambda d: d["modules"][1]["criteria"][0]["aspects"][0].update(reasons=[]), "'reasons'"),
        (lambda d: d["awards"][0].update(rule="lottery"), "'lottery' is not one of"),
        (lambda d: d["parts"][0].update(weight="100.5"), "100.5"),
    ],
)
def test_a_refusal_says_what_is_wrong(change, says):
    document = small_document()
    change(document)

    assert any(says in fault for fault in faults(document))
