"""S6: a letter goes straight to the chair, is answered and followed up; recurring ones become a survey."""

from contest.member_services import case_queries, load_queries
from tests.member_services.walking import act, apply, feedback, officer


def test_a_letter_reaches_the_chair_alone_and_satisfaction_is_asked(app):
    desk, chair = officer("段专员"), officer("主席", "chair")
    case = apply("letterbox", topic="safety", words="车间通风不好")

    assert case.assignee_id == chair.user_id
    act(chair, case, "accept", words="已批转安全部")
    act(chair, case, "step", words="下周装排风扇")
    act(desk, case, "step", words="电话回访")
    feedback(case, 2, text="还没装")
    assert case.state == "feedback"
    assert case.due_at is not None  # the office asks again within three working days
    act(desk, case, "close", words="已装好，来信人满意")
    assert case.state == "closed"
    kinds = [one.kind for one in case_queries.history(case, for_office=False)]
    assert kinds == ["applied", "accepted", "step", "step", "done", "feedback", "closed"]


def test_three_letters_about_one_topic_suggest_a_survey(app):
    officer("主席", "chair")
    for number in range(3):
        assert load_queries.recurring() == []
        apply("letterbox", topic="pay", words=f"年终奖何时发 {number}")
    [found] = load_queries.recurring()
    assert (found.service.key, found.option.name, found.count) == ("letterbox", "工资与社保", 3)
