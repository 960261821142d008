"""Templates compiled once for each language, with the words that never change already in them.

A judge's page of a sheet says 130 sentences and draws 85 icons: looked up for each page they were half
of what the page cost. A compiled template holds them as text; what a page shows is the same.
"""

from keyword import iskeyword

from flask import templating
from flask_babel import get_locale, gettext
from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

MACROS = "_macros.html"
DRAWN = "icon"  # the macro there whose drawing depends on nothing but its words


class _Fixed(NodeTransformer):
    """Puts what `_("…")`, `icon("…")` and `url_for("static", filename="…")` give in their place."""

    def __init__(self, environment, name):
        self.environment, self.name = environment, name

    def visit_Call(self, node):  # noqa: N802
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        if node.node.name == "_":
            return self._sentence(node)
        if node.node.name == "url_for":
            return self._file(node)
        if node.node.name == DRAWN and self.name != MACROS:
            return self._drawing(node)
        return node

    def _sentence(self, node):
        if len(node.args) != 1 or not isinstance(node.args[0], nodes.Const):
            return node
        sentence = gettext(node.args[0].value)
        if not node.kwargs:
            return nodes.TemplateData(sentence % {}, lineno=node.lineno)
        pairs = [
            nodes.Pair(nodes.Const(each.key), each.value, lineno=node.lineno) for each in node.kwargs
        ]
        return nodes.Mod(
            nodes.TemplateData(sentence), nodes.Dict(pairs, lineno=node.lineno), lineno=node.lineno
        )

    def _file(self, node):
        told = [*node.args, *(each.value for each in node.kwargs)]
        if not all(isinstance(each, nodes.Const) for each in told):
            return node
        endpoint, *names = (each.value for each in told)
        if endpoint != "static" or [each.key for each in node.kwargs] != ["filename"]:
            return node
        address = f"{self.environment.app.static_url_path}/{names[0]}"
        return nodes.TemplateData(address, lineno=node.lineno)

    def _drawing(self, node):
        told = [*node.args, *(each.value for each in node.kwargs)]
        if not all(isinstance(each, (nodes.Const, nodes.TemplateData)) for each in told):
            return node
        draw = getattr(self.environment.get_template(MACROS).module, DRAWN)
        drawn = draw(*map(_told, node.args), **{each.key: _told(each.value) for each in node.kwargs})
        return nodes.TemplateData(str(drawn), lineno=node.lineno)


def _told(node):
    return node.value if isinstance(node, nodes.Const) else Markup(node.data)


class _Generator(CodeGenerator):
    """Jinja's own, on a template whose fixed words stand in it; macros are called without a detour."""

    def visit_Template(self, node, frame=None):  # noqa: N802
        _Fixed(self.environment, self.name).visit(node)
        self.macros = {macro.name for macro in node.find_all(nodes.Macro)}
        for each in node.find_all(nodes.FromImport):
            self.macros |= {name if isinstance(name, str) else name[1] for name in each.names}
        super().visit_Template(node, frame)

    def visit_Call(self, node, frame, forward_caller=False):  # noqa: N802
        if forward_caller or not self._is_plain(node):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        # context.call would ask first whether it must hand the context over: no macro wants it.
        self.visit(node.node, frame)
        self.write("(")
        for each in (*node.args, *node.kwargs):
            self.visit(each, frame)
            self.write(", ")
        self.write(")")

    def _is_plain(self, node):
        """Whether it calls a macro by its name, with no argument that Python has no way to write."""
        return (
            isinstance(node.node, nodes.Name) and node.node.name in self.macros
            and not node.dyn_args and not node.dyn_kwargs
            and not any(iskeyword(each.key) for each in node.kwargs)
        )


class Environment(templating.Environment):
    """Flask's environment; get_template gives the template in the language of the moment."""

    code_generator_class = _Generator
    language = None

    def __init__(self, app, **options):
        super().__init__(app, **options)
        self._of_languages = {}

    def get_template(self, name, parent=None, globals=None):
        """The template, compiled for the language in force."""
        if self.language is not None:
            return super().get_template(name, parent, globals)
        language = str(get_locale() or "en")
        if language not in self._of_languages:
            own = self.overlay()
            own.language = language
            self._of_languages[language] = own
        return self._of_languages[language].get_template(name, parent, globals)
