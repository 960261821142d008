"""The form of each node: what is shown can be sent back and is the same node again."""

import pytest

from contest.errors import Invalid
from contest.scoring.scheme_reading import plan_document
from contest.setup import node_forms, plan_tree
from contest.setup.presets import find_preset, list_presets


def addresses(document):
    yield from plan_tree.TOP_NODES
    for kind in ("stages", "parts", "modules", "awards"):
        for i, row in enumerate(document.get(kind, ())):
            yield f"{kind}.{i}"
            for c, criterion in enumerate(row.get("criteria", ())):
                yield f"{kind}.{i}.criteria.{c}"
                for a in range(len(criterion["aspects"])):
                    yield f"{kind}.{i}.criteria.{c}.aspects.{a}"


def form_of(kind, node):
    """What a browser would send for the form as it is shown."""
    values = node_forms.values_of(kind, node)
    boxes = node_forms.boxes_of(kind, node)
    if kind == "modules" and node.get("entry", "sheets") == "sheets":
        boxes += node_forms.PANEL
    if node.get("kind") == "measured":
        boxes += node_forms.FORMULA
    form = {}
    for box in boxes:
        value = values.get(box.name, "")
        if box.kind == "several":
            form[box.name] = list(value)
        elif box.kind != "yes":
            form[box.name] = [value]
        elif value:
            form[box.name] = ["1"]
    for name, value in values.items():
        if name.split("-")[0] in (*node_forms.ROWS, "ties"):
            form[name] = [value]
    return form


@pytest.mark.parametrize("preset", list_presets(), ids=lambda preset: preset.key)
def test_saving_a_form_unchanged_changes_nothing(preset):
    document = plan_document(preset.plan)

    for address in addresses(document):
        kind, node = plan_tree.kind_of(address), plan_tree.get_node(document, address)
        assert node_forms.read_node(kind, form_of(kind, node), node) == node, address


def aspect_of(module, key):
    document = plan_document(find_preset("c1_cement").plan)
    found = next(m for m in document["modules"] if m["key"] == module)
    return next(a for c in found["criteria"] for a in c["aspects"] if a["key"] == key)


def test_full_width_digits_are_understood():
    node = aspect_of("digital", "A1")

    read = node_forms.read_node("aspects", {**form_of("aspects", node), "max": ["１２．５"]}, node)

    assert read["max"] == "12.5"


@pytest.mark.parametrize("typed", ["NaN", "1,5", "1e3", "-3", "0", "9.00001", "many"])
def test_a_top_mark_that_is_none_is_refused_at_its_field(typed):
    node = aspect_of("digital", "A1")

    with pytest.raises(Invalid) as refused:
        node_forms.read_node("aspects", {**form_of("aspects", node), "max": [typed]}, node)

    assert list(refused.value.fields) == ["max"]


def test_empty_rows_are_left_out_and_refusals_stand_at_the_row_that_is_shown():
    node = aspect_of("digital", "B3")
    form = {**form_of("aspects", node), "reasons-0-name": [""], "reasons-0-name_en": [""],
            "reasons-0-points": [""], "reasons-0-most": [""], "reasons-2-points": ["lots"]}

    with pytest.raises(Invalid) as refused:
        node_forms.read_node("aspects", form, node)

    shown = node_forms.typed_values("aspects", form, node)
    assert list(refused.value.fields) == ["reasons-1-points"]
    assert shown["reasons-1-points"] == "lots"


def test_a_level_without_words_is_refused_at_its_own_place():
    node = aspect_of("digital", "A2")
    form = {**form_of("aspects", node), "levels-1-name": [""], "levels-1-name_en": [""]}

    with pytest.raises(Invalid) as refused:
        node_forms.read_node("aspects", form, node)

    assert list(refused.value.fields) == ["levels-1-name"]


def test_a_module_that_becomes_a_sheet_gets_a_panel_and_a_first_aspect():
    document = plan_document(find_preset("c3_quiz").plan)
    node = document["modules"][0]
    form = {**form_of("modules", node), "entry": ["sheets"]}

    read = node_forms.read_node("modules", form, node)

    assert read["panel"] == {"judges": 3}
    assert read["criteria"][0]["aspects"][0]["max"] == "100"


def test_a_plan_without_a_method_has_no_teams():
    assert node_forms.read_node("teams", {"method": [""], "size": ["5"]}, {"method": "sum"}) == {}


def test_a_tie_word_that_is_none_is_refused():
    with pytest.raises(Invalid):
        node_forms.read_node("ranking", {"ties-0": ["luck::high"]}, {})
