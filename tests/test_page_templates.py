"""A template compiled for a language says and draws what Jinja's own would."""

import pytest
from flask_babel import force_locale
from jinja2 import DictLoader
from jinja2.compiler import CodeGenerator

from contest import ROOT, page_templates

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
IMPORT = '{% from "_macros.html" import icon, notice, field %}'
PIECES = {
    "a sentence": '<p title="{{ _("Save the draft") }}">{{ _("Stored") if rows else _("Next") }}</p>',
    "facts in it are escaped": '{{ _("%(points)s points", points=unsafe) }}'
                               '{{ _("%(points)s points", points=7) }}',
    "a sentence that is not fixed": "{{ _(sentence) }}",
    "by a filter": '{{ _("Stored")|upper }} {{ ("<" ~ _("Stored")) }}',
    "icons": IMPORT + '{{ icon("check") }}{{ icon("check", _("Stored")) }}{{ icon(name=unsafe, label="<") }}',
    "in a macro": IMPORT + '{% macro line(x, y="-") %}{{ icon(x) }}{{ y }}{{ _("Stored") }}'
                  '{{ caller() if caller }}{% endmacro %}{{ line("check") }}{{ line(y=unsafe, x="x") }}'
                  '{{ line(*["check", 1]) }}'
                  '{% call line("check") %}{{ unsafe }}{% endcall %}',
    "words of Python": IMPORT + '{{ field("A", "b", value=unsafe, class="wide", autofocus=true) }}',
    "in a loop": IMPORT + '{% for row in rows %}{{ icon(row) }}{{ notice("good", row ~ loop.index) }}'
                 '{% endfor %}',
    "files": '{{ url_for("static", filename="css/judging.css") }}'
             '{{ url_for("static", filename=sentence) }}',
    "a macro that is nowhere": IMPORT + '{% if not rows %}{{ nothing("x") }}{% endif %}',
}
FACTS = {"unsafe": '<b a="1">&', "rows": ["check", "<x>"], "sentence": "Stored"}


@LANGUAGES
@pytest.mark.parametrize("text", PIECES.values(), ids=PIECES)
def test_what_is_fixed_when_it_is_compiled_is_what_would_be_said_later(app, text, language):
    plain = app.jinja_env.overlay(cache_size=50, bytecode_cache=None)
    plain.code_generator_class, plain.language = CodeGenerator, "none"
    plain.trim_blocks = plain.lstrip_blocks = True
    with app.test_request_context(), force_locale(language):
        facts = {**FACTS}
        app.update_template_context(facts)
        assert app.jinja_env.from_string(text).render(facts) == plain.from_string(text).render(facts)


def test_each_language_has_templates_of_its_own(app):
    own = page_templates.Environment(
        app, loader=DictLoader({"page.html": '{{ _("Save the draft") }}'}), extensions=["jinja2.ext.i18n"]
    )
    said = {}
    with app.test_request_context():
        for language in ("zh", "en", "zh", "en"):
            with force_locale(language):
                said.setdefault(language, []).append(own.get_template("page.html").render())
    assert said == {"zh": ["保存草稿"] * 2, "en": ["Save the draft"] * 2}


def test_a_compiled_page_looks_no_fixed_sentence_up(app):
    with app.test_request_context(), force_locale("zh"):
        template = app.jinja_env.get_template("judging/sheet.html")
        source = app.jinja_env._of_languages["zh"].compile(
            (ROOT / "templates/judging/sheet.html").read_text("utf-8"), raw=True
        )
    assert template.environment.language == "zh"
    assert "评分" in source and "Check before you hand in" not in source
    assert "context.call(l_0_icon" not in source
    assert isinstance(app.jinja_env, page_templates.Environment)
