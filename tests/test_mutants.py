"""The mistakes that a mutation run plants: small, one at a time, and code all the same."""

from bench.mutants import mutants_of, planted

SOURCE = '''
LIMIT = 3


def larger(one, other):
    """Words stay as they are."""
    if one >= other and one:
        return max(one, LIMIT)
    return other + 1
'''


def outcome(mutant, *values):
    place = {}
    exec(planted(SOURCE, mutant), place)
    return place["larger"](*values)


def the(what):
    found = [mutant for mutant in mutants_of(SOURCE, "larger.py") if mutant.what == what]
    assert len(found) == 1, found
    return found[0]


def test_each_place_has_its_mistakes():
    assert [(mutant.line, mutant.what) for mutant in mutants_of(SOURCE, "larger.py")] == [
        (2, "3 -> 4"), (2, "3 -> 2"), (7, "not"), (7, "And -> Or"), (7, "GtE -> Gt"), (7, "GtE -> Lt"),
        (8, "None"), (8, "max -> min"), (9, "None"), (9, "Add -> Sub"), (9, "1 -> 2"), (9, "1 -> 0"),
    ]


def test_one_mistake_changes_what_it_says():
    assert outcome(the("GtE -> Gt"), 5, 5) == 6
    assert outcome(the("max -> min"), 5, 5) == 3
    assert outcome(the("And -> Or"), 0, -1) == 3
    assert outcome(the("Add -> Sub"), 1, 2) == 1
    assert outcome(the("3 -> 4"), 3, 2) == 4


def test_nothing_else_changes():
    assert outcome(the("1 -> 2"), 5, 4) == 5
    assert outcome(the("max -> min"), 1, 2) == 3
