"""The description of the API: kept once for each language, whoever asked first."""

import pytest
from flask_babel import force_locale

from contest.api import describing


@pytest.mark.parametrize(("language", "words"), [("en", "Everybody on the roster"), ("zh", "名单上的所有人")])
def test_it_is_kept_in_the_language_that_it_is_asked_in(app, language, words):
    describing.document.cache_clear()
    with app.test_request_context(), force_locale("zh" if language == "en" else "en"):
        paths = describing.document(language)["paths"]

    assert words in {one["summary"] for path in paths.values() for one in path.values()}
