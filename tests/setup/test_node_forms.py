"""The form of each node: what is shown can be sent back and is the same node again."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from contest.errors import Invalid
from contest.scoring.scheme_fields import Table, Tables
from contest.scoring.scheme_reading import document_from, plan_document, plan_from
from contest.setup import new_nodes, node_forms, plan_tree
from contest.setup.node_sections import sections_of
from contest.setup.plan_words import TABLES
from contest.setup.presets import find_preset, list_presets
from tests import factories
from tests.setup.plans_by_chance import documents, read

EXAMPLES = sorted((Path(__file__).parents[1] / "published").glob("*.toml"))
PLANS = {preset.key: preset.plan for preset in list_presets()} | {
    path.stem: plan_from(document_from(path.read_text("utf-8"))) for path in EXAMPLES
}


def addresses(document):
    yield from plan_tree.TOP_NODES
    for kind in ("stages", "parts", "modules", "awards"):
        for i, row in enumerate(document.get(kind, ())):
            yield f"{kind}.{i}"
            yield from (f"{kind}.{i}.panels.{p}" for p in range(len(row.get("panels", ()))))
            for c, criterion in enumerate(row.get("criteria", ())):
                yield f"{kind}.{i}.criteria.{c}"
                for a in range(len(criterion["aspects"])):
                    yield f"{kind}.{i}.criteria.{c}.aspects.{a}"


def form_of(document, address):
    """What a browser would send for the form as it is shown."""
    kind, node = plan_tree.kind_of(address), plan_tree.get_node(document, address)
    sections = sections_of(document, address)
    values = node_forms.values_of(kind, sections, node)
    flags = {box.name for section in sections for box in section.boxes if box.kind == "yes"}
    for rows in (rows for section in sections for rows in section.rows):
        flags |= {
            f"{rows.name}-{i}-{column.name}" for i in range(99)
            for column in rows.columns if column.kind == "yes"
        }
    return {
        name: value if isinstance(value, list) else [value]
        for name, value in values.items() if value or name not in flags
    }


def sent(document, address, **typed):
    """The node that comes of the form as it is shown, with some boxes typed anew."""
    kind, node = plan_tree.kind_of(address), plan_tree.get_node(document, address)
    form = {**form_of(document, address), **{name: [text] for name, text in typed.items()}}
    return node_forms.read_node(kind, sections_of(document, address), form, node)


@pytest.mark.parametrize("name", PLANS)
def test_saving_a_form_unchanged_changes_nothing(name):
    document = plan_document(PLANS[name])

    for address in addresses(document):
        assert sent(document, address) == plan_tree.get_node(document, address), address


def holds_together(document, address):
    """False for what a form settles at once, because no plan with it is right."""
    node = plan_tree.get_node(document, address)
    ways = [way for way in node_forms.WAYS if node.get(way)]
    return not (
        (node.get("kind") == "measured" and (len(ways) != 1 or ("beyond" in node and ways != ["table"])))
        or ("part" in node and "max" in node and (
            ("panel" in node) + ("panels" in node) != (node.get("entry") != "scores")
            or bool(node.get("criteria")) == (node.get("entry") == "scores")))
        or node.get("only") == {}
        or any(not level["name"] for level in node.get("levels", ()))
        or (node.get("advance_line") == "key") != ("advance_by" in node)
        or [bool(node.get(key)) for key in ("part", "module", "any")].count(True) > 1
        or (node.get("stage") and node.get("within"))
        or [] in [tie.get("keys") for tie in [*node.get("ties", ()), node.get("advance_by", {})]]
    )


def is_tidy(value):
    """True where all text is as a browser sends it back: without blanks at its ends."""
    if isinstance(value, dict):
        return all(is_tidy(inner) for inner in value.values())
    if isinstance(value, list):
        return all(is_tidy(inner) for inner in value)
    return not isinstance(value, str) or (value == value.strip() and "\r\n" not in value)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents)
def test_saving_any_form_unchanged_changes_nothing(document):
    document = plan_document(read(document)[0])

    for address in addresses(document):
        node = plan_tree.get_node(document, address)
        if is_tidy(node) and holds_together(document, address):
            assert sent(document, address) == node, address


def shown_fields(document):
    """Every field for which some form of a document has a box, as (kind, name)."""
    for address in addresses(document):
        kind = plan_tree.kind_of(address)
        for section in sections_of(document, address):
            for box in section.boxes:
                yield kind, "ties" if box.name.startswith("ties-") else box.name
            for rows in section.rows:
                yield from ((kind, f"{rows.name}-{column.name}") for column in rows.columns)


def all_fields(kind, table, before=""):
    """Every field that a node of this kind can have, named as the boxes are."""
    for each in {f.key: f for fields in (table.fields, *table.variants.values()) for f in fields}.values():
        inner = each.kind.table if isinstance(each.kind, Tables) else each.kind
        if isinstance(inner, Table) and each.key not in TABLES and inner.by != "by":
            yield from all_fields(kind, inner, f"{before}{each.key}-")
        elif each.key not in TABLES or each.key == "panel":
            yield kind, f"{before}{each.key}"


def test_every_field_of_the_format_has_its_box():
    document = plan_document(find_preset("c8_five_small").plan)
    module = next(f"modules.{i}" for i, m in enumerate(document["modules"]) if "criteria" in m)
    shown = set(shown_fields(document))
    for kind in new_nodes.BLANK_ASPECTS:
        plan = plan_document(find_preset("c8_five_small").plan)
        aspect = plan_tree.get_node(plan, f"{module}.criteria.0.aspects.0")
        names = {key: aspect[key] for key in ("key", "name")}
        aspect.clear()
        aspect.update(names | new_nodes.blank_aspect(kind, "10"))
        shown |= set(shown_fields(plan))
    for rule in ("ratio", "count", "threshold", "top", "vote"):
        award = {"key": "x", "name": "x", "to": "entrant", "rule": rule}
        awards = [document["awards"][0], award]
        shown |= set(shown_fields({**document, "ranking": {}, "awards": awards}))
    shown |= set(shown_fields({**document, "teams": {}}))
    several, _ = new_nodes.with_added(document, "panels", module)
    shown |= set(shown_fields(several))
    stands_for = {
        ("parts", "place"): {("parts", "stage"), ("parts", "within")},
        ("awards", "looks"): {("awards", "part"), ("awards", "module"), ("awards", "any")},
        ("aspects", "way"): {("aspects", "itself")},
    }
    for box, fields in stands_for.items():
        if box in shown:
            shown |= fields
    # Chosen by a form of its own, or never changed by hand.
    elsewhere = {("aspects", "kind"), ("awards", "rule"), ("plan", "format"), ("modules", "panel")}

    wanted = {pair for kind, table in TABLES.items() if kind != "panel" for pair in all_fields(kind, table)}

    assert wanted - shown - elsewhere == set()


def cement(module, key):
    document = plan_document(find_preset("c1_cement").plan)
    for m, row in enumerate(document["modules"]):
        for c, criterion in enumerate(row.get("criteria", ()) if row["key"] == module else ()):
            for a, aspect in enumerate(criterion["aspects"]):
                if aspect["key"] == key:
                    return document, f"modules.{m}.criteria.{c}.aspects.{a}"
    raise KeyError(key)


def test_full_width_digits_are_understood():
    assert sent(*cement("digital", "A1"), max="１２．５")["max"] == "12.5"


@pytest.mark.parametrize("typed", ["NaN", "1,5", "1e3", "-3", "0", "9.00001", "many"])
def test_a_top_mark_that_is_none_is_refused_at_its_field(typed):
    with pytest.raises(Invalid) as refused:
        sent(*cement("digital", "A1"), max=typed)

    assert list(refused.value.fields) == ["max"]


def test_empty_rows_are_left_out_and_refusals_stand_at_the_row_that_is_shown():
    document, address = cement("digital", "B3")
    blank = {f"reasons-0-{column}": "" for column in ("name", "name_en", "points", "most")}
    form = {**form_of(document, address), "reasons-2-points": ["lots"]}
    form |= {name: [text] for name, text in blank.items()}

    with pytest.raises(Invalid) as refused:
        sent(document, address, **blank, **{"reasons-2-points": "lots"})

    shown = node_forms.typed_values(sections_of(document, address), form)
    assert list(refused.value.fields) == ["reasons-1-points"]
    assert shown["reasons-1-points"] == "lots"


def test_a_level_without_words_is_refused_at_its_own_place():
    with pytest.raises(Invalid) as refused:
        sent(*cement("digital", "A2"), **{"levels-1-name": "", "levels-1-name_en": ""})

    assert list(refused.value.fields) == ["levels-1-name"]


def test_a_reason_may_lose_all():
    read = sent(*cement("digital", "B3"), **{"reasons-1-loses": "1"})

    assert [reason.get("loses", False) for reason in read["reasons"]] == [False, True, False, False]


def test_a_value_is_measured_in_one_way_and_the_others_go():
    document, address = cement("digital", "B1")

    read = sent(document, address, way="power", **{
        "power-scale": "0.11193", "power-from": "254", "power-exponent": "1.88",
    })

    assert "table" not in read
    assert read["power"] == {"scale": "0.11193", "from": "254", "exponent": "1.88"}
    assert sent(document, address, way="itself")["itself"] is True


def small():
    return plan_document(plan_from(factories.plan_document()))


def test_a_module_that_becomes_a_sheet_gets_a_panel_and_a_first_aspect():
    document = plan_document(find_preset("c3_quiz").plan)

    read = sent(document, "modules.0", entry="sheets")

    assert read["panel"] == {"judges": 3}
    assert read["criteria"][0]["aspects"][0]["max"] == "100"


def test_a_plan_without_a_method_has_no_teams_and_one_by_the_sum_has():
    document = small()

    assert sent(document, "teams", method="", size="5") == {}
    with_teams = plan_tree.with_node(document, "teams", sent(document, "teams", method="sum"))
    assert plan_from(with_teams).teams.method == "sum"
    assert sent(with_teams, "teams") == {"method": "sum"}


def test_a_list_in_one_line_may_be_written_with_any_comma():
    read = sent(small(), "teams", method="places", place_points="10， 8、6.5;5")

    assert read["place_points"] == ["10", "8", "6.5", "5"]
    with pytest.raises(Invalid) as refused:
        sent(small(), "teams", method="places", place_points="10, many")
    assert list(refused.value.fields) == ["place_points"]


@pytest.mark.parametrize(
    ("what", "detail", "order", "tie"),
    [
        ("part:practical", "", "low", {"by": "part", "key": "practical", "order": "low"}),
        ("attempt:risk.A1", "", "high", {"by": "attempt", "module": "risk", "key": "A1"}),
        ("better_places:", "", "low", {"by": "better_places"}),
        ("data:", "birth_date", "high", {"by": "data", "key": "birth_date"}),
        ("sum:", "risk + paper", "high", {"by": "sum", "keys": ["risk", "paper"]}),
    ],
)
def test_a_tie_key_is_read_from_its_boxes(what, detail, order, tie):
    typed = {"ties-0": what, "ties-0-order": order, "ties-0-detail": detail}

    assert sent(small(), "ranking", **typed)["ties"] == [tie]


@pytest.mark.parametrize("what", ["luck:", "data:", "sum:"])
def test_a_tie_word_that_is_none_is_refused_at_its_key(what):
    with pytest.raises(Invalid) as refused:
        sent(small(), "ranking", **{"ties-0": what})

    assert list(refused.value.fields) == ["ties-0"]


def test_a_part_may_stand_within_another():
    read = sent(small(), "parts.0", place="part:practical")

    assert (read.get("stage"), read["within"]) == (None, "practical")


def test_weights_are_asked_only_where_they_count():
    document = small()
    document["stages"][0]["combine"] = "points"
    for part in document["parts"]:
        del part["weight"]

    def names(address):
        return {box.name for s in sections_of(document, address) for box in s.boxes}

    assert "weight" not in names("parts.0")
    assert "weight" in names("modules.0")


def test_a_section_is_open_where_something_in_it_is_set_or_wrong():
    document = small()
    document["modules"][1]["difficulty"] = {"lowest": "1", "highest": "4"}
    sections = sections_of(document, "modules.1")
    usual = node_forms.values_of("modules", sections, {})
    texts = node_forms.values_of("modules", sections, document["modules"][1])

    def titles(errors):
        flags = node_forms.open_sections(sections, texts, usual, errors)
        return [s.title for s, is_open in zip(sections, flags, strict=True) if s.is_rare and is_open]

    assert titles({}) == ["Degree of difficulty"]
    assert "Limits of the mark" in titles({"cap": Invalid("x")})
