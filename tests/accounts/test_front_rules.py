from contest.accounts import front_rules
from contest.accounts.rules import ROLES, Person


def person(*grants):
    return Person(user_id=1, name="Jana", session_id=1, grants=frozenset(grants))


def test_each_role_finds_its_own_door():
    doors = {
        role: [task.endpoint for task in front_rules.tasks_in(person((role, 7)), 7)]
        + [task.endpoint for task in front_rules.tasks_everywhere(person((role, None)))]
        for role in ROLES
    }

    assert all(doors.values())
    assert doors["judge"] == ["judging.my_sheets"]
    assert doors["contact"] == ["people.my_unit", "review.show_unit_appeals"]


def test_a_role_in_another_contest_opens_no_door_here():
    assert front_rules.tasks_in(person(("judge", 8)), 7) == []


def test_a_contests_organiser_has_no_door_to_the_whole_installation():
    assert front_rules.tasks_everywhere(person(("organiser", 7))) == []


def test_nothing_to_mark_is_offered_once_a_contest_is_over():
    def doors(role, state):
        return [(task.endpoint, task.text) for task in front_rules.tasks_in(person((role, 7)), 7, state)]

    for state in front_rules.OVER_STATES:
        assert doors("judge", state) == []
        texts = dict(doors("clerk", state))
        assert set(texts) == {
            "theory.list_scores", "quiz.show_desk", "paper.list_papers", "review.show_register",
        }
        texts.pop("review.show_register")  # an appeal on paper is entered afterwards too
        assert not any("Enter " in text or "Type" in text for text in texts.values())
    assert doors("judge", "provisional") == doors("judge", "scoring") != []


def test_of_two_roles_that_lead_to_one_page_the_first_names_it():
    both = person(("supervisor", 7), ("coding_judge", 7))

    doors = [task.endpoint for task in front_rules.tasks_in(both, 7)]

    assert len(doors) == len(set(doors))
    [draw] = [task for task in front_rules.tasks_in(both, 7) if task.endpoint == "draw.show_draw"]
    assert "Hold the draw" in draw.text
