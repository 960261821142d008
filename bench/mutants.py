"""Small mistakes, one at a time, put into a source file: what a mutation run plants and tests must find."""

import ast
import copy
from dataclasses import dataclass

COMPARED = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}
COUNTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
CALLED = {
    "min": "max", "max": "min", "any": "all", "all": "any", "minimum": "maximum",
    "maximum": "minimum", "ceil": "floor", "floor": "ceil",
}


@dataclass(frozen=True)
class Mutant:
    """One mistake in one file: `what` says it in words; `function` is empty outside of any."""

    file: str
    line: int
    column: int
    function: str
    first_line: int
    operator: str
    what: str
    number: int  # the how-manieth of this file

    @property
    def key(self):
        """Its name in the list of results; moves with the text of the file."""
        return f"{self.file}:{self.line}:{self.column} {self.operator} {self.what}"


class _Finder(ast.NodeVisitor):
    """Walks a file once and calls `found(node, operator, what, change)` for each mistake."""

    def __init__(self, file, found):
        self.file, self.found, self.functions = file, found, []

    def note(self, node, operator, what, change):
        outer = self.functions[0] if self.functions else None
        self.found(node, outer, operator, what, change)

    def visit_Module(self, node):  # noqa: N802
        for each in _without_docstring(node.body):
            self.visit(each)

    def visit_FunctionDef(self, node):  # noqa: N802
        for each in (*node.decorator_list, node.args):
            self.visit(each)
        self.functions.append(node)
        for each in _without_docstring(node.body):
            self.visit(each)
        self.functions.pop()

    def visit_ClassDef(self, node):  # noqa: N802
        for each in _without_docstring(node.body):
            self.visit(each)

    def visit_AnnAssign(self, node):  # noqa: N802
        if node.value is not None:
            self.visit(node.value)

    def visit_Compare(self, node):  # noqa: N802
        for place, now in enumerate(node.ops):
            for other in COMPARED[type(now)]:
                self.note(node, "compare", f"{_name(now)} -> {other.__name__}", _set_op(place, other))
        self.generic_visit(node)

    def visit_BinOp(self, node):  # noqa: N802
        self._count(node)

    def visit_AugAssign(self, node):  # noqa: N802
        self._count(node)
        self.note(node, "statement", "gone", None)

    def _count(self, node):
        other = COUNTED.get(type(node.op))
        if other is not None:
            self.note(node, "count", f"{_name(node.op)} -> {other.__name__}", _set("op", other()))
        self.generic_visit(node)

    def visit_BoolOp(self, node):  # noqa: N802
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        self.note(node, "and-or", f"{_name(node.op)} -> {other.__name__}", _set("op", other()))
        self.generic_visit(node)

    def visit_UnaryOp(self, node):  # noqa: N802
        self.note(node, "sign", f"{_name(node.op)} -> nothing", lambda n: n.operand)
        self.generic_visit(node)

    def visit_If(self, node):  # noqa: N802
        self._test(node)

    visit_IfExp = visit_While = visit_If  # noqa: N815

    def _test(self, node):
        if not isinstance(node.test, ast.Compare | ast.UnaryOp):
            self.note(node.test, "test", "not", lambda n: ast.UnaryOp(ast.Not(), n))
        self.generic_visit(node)

    def visit_comprehension(self, node):
        for each in node.ifs:
            if not isinstance(each, ast.Compare | ast.UnaryOp):
                self.note(each, "test", "not", lambda n: ast.UnaryOp(ast.Not(), n))
        self.generic_visit(node)

    def visit_Constant(self, node):  # noqa: N802
        if isinstance(node.value, bool):
            self.note(node, "constant", f"{node.value} -> {not node.value}", _set("value", not node.value))
        elif isinstance(node.value, int):
            for other in (node.value + 1, node.value - 1):
                self.note(node, "constant", f"{node.value} -> {other}", _set("value", other))

    def visit_Call(self, node):  # noqa: N802
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in CALLED:
            part = "attr" if isinstance(node.func, ast.Attribute) else "id"
            self.note(node.func, "call", f"{name} -> {CALLED[name]}", _set(part, CALLED[name]))
        self.generic_visit(node)

    def visit_Return(self, node):  # noqa: N802
        if node.value is not None and not _is_none(node.value):
            self.note(node.value, "return", "None", lambda n: ast.Constant(None))
        self.generic_visit(node)

    def visit_Expr(self, node):  # noqa: N802
        self.note(node, "statement", "gone", None)
        self.generic_visit(node)

    def visit_Continue(self, node):  # noqa: N802
        self.note(node, "statement", "break", lambda n: ast.Break())

    def visit_Break(self, node):  # noqa: N802
        self.note(node, "statement", "continue", lambda n: ast.Continue())

    def visit_Raise(self, node):  # noqa: N802
        self.note(node, "statement", "gone", None)


def _without_docstring(body):
    first = body[0]
    is_words = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return body[1:] if is_words else body


def _name(op):
    return type(op).__name__


def _is_none(node):
    return isinstance(node, ast.Constant) and node.value is None


def _set(attribute, value):
    def change(node):
        node = copy.copy(node)
        setattr(node, attribute, value)
        return node

    return change


def _set_op(place, other):
    def change(node):
        node = copy.copy(node)
        node.ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
        return node

    return change


class _Planter(ast.NodeTransformer):
    def __init__(self, target, change):
        self.target, self.change = target, change

    def visit(self, node):
        if node is not self.target:
            return self.generic_visit(node)
        new = ast.Pass() if self.change is None else self.change(node)
        return ast.copy_location(new, node)


def mutants_of(source: str, file: str) -> list[Mutant]:
    """Every mistake that can be planted in this source, in the order of its text."""
    return [mutant for mutant, _, _ in _all(ast.parse(source), file)]


def _all(tree, file):
    rows = []

    def found(node, outer, operator, what, change):
        name = "" if outer is None else outer.name
        first = 0 if outer is None else _first_line(outer)
        mutant = Mutant(
            file, node.lineno, node.col_offset, name, first, operator, what, len(rows)
        )
        rows.append((mutant, node, change))

    _Finder(file, found).visit(tree)
    return rows


def _first_line(outer):
    """As `co_firstlineno` has it: of a decorated function, the decorator's."""
    return min([outer.lineno, *(each.lineno for each in outer.decorator_list)])


def planted(source: str, mutant: Mutant):
    """The code of the whole file with this one mistake in it."""
    tree = ast.parse(source)
    _, node, change = _all(tree, mutant.file)[mutant.number]
    tree = ast.fix_missing_locations(_Planter(node, change).visit(tree))
    return compile(tree, mutant.file, "exec")
