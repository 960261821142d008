"""Which words of its own this installation does not take as passwords."""

from flask import current_app

from contest.accounts.word_rules import words_of
from contest.audit import contest_queries


def own_words():
    """Names of all contests and their hosts, of the union's sign-in, and CONTEST_OWN_WORDS."""
    names = {current_app.config["OIDC"]["name"], *current_app.config["OWN_WORDS"]}
    for heading in contest_queries.list_headings():
        names |= {heading.name, heading.name_en, heading.slug, heading.host}
    return frozenset().union(*map(words_of, names))
