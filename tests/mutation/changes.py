"""The small changes of mutation testing: one at a time in the tree of a module."""

import ast
import copy

COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
COMPUTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.LShift: ast.RShift,
    ast.RShift: ast.LShift, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.BitXor: ast.BitOr, ast.Mod: ast.Add,
}  # fmt: skip


def changes(node):
    """What can be done to one node: pairs of words and a function that changes the node, or gives another for it."""
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            if other := COMPARED.get(type(op)):
                yield f"{type(op).__name__} -> {other.__name__}", lambda n, p=place, o=other: n.ops.__setitem__(p, o())
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"-> {other.__name__}", lambda n, o=other: setattr(n, "op", o())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not removed", lambda n: n.operand
    elif isinstance(node, (ast.BinOp, ast.AugAssign)) and (other := COMPUTED.get(type(node.op))):
        yield f"{type(node.op).__name__} -> {other.__name__}", lambda n, o=other: setattr(n, "op", o())
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "bool turned", lambda n: setattr(n, "value", not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield f"{node.value} + 1", lambda n: setattr(n, "value", n.value + 1)
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)) and not isinstance(node.test, (ast.Compare, ast.UnaryOp)):
        yield "condition turned", lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "returns None", lambda n: setattr(n, "value", ast.Constant(None))
    elif isinstance(node, (ast.Raise, ast.Continue)) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ):
        yield f"{type(node).__name__} removed", lambda _: ast.Pass()


def _is_none(node):
    return isinstance(node, ast.Constant) and node.value is None


def mutants(source):
    """(line, words, tree) of each."""
    tree = ast.parse(source)
    skipped = {id(x) for n in ast.walk(tree) for part in _left_alone(n) for x in ast.walk(part)}
    nodes = list(ast.walk(tree))
    for number, node in enumerate(nodes):
        if id(node) in skipped:
            continue
        for which, (words, _) in enumerate(changes(node)):
            other = copy.deepcopy(tree)
            found = list(ast.walk(other))[number]
            new = list(changes(found))[which][1](found)
            if isinstance(new, ast.AST):
                other = Replace(found, ast.copy_location(new, found)).visit(other)
            yield _line(node), words, ast.fix_missing_locations(other)


def _line(node):
    """The first line of it that runs: a condition over several lines does not begin where its `if` stands."""
    return node.test.lineno if isinstance(node, (ast.If, ast.IfExp, ast.While)) else node.lineno


def _left_alone(node):
    """Parts that are no behaviour of ours: texts of messages, defaults, annotations, how a dataclass is made."""
    if isinstance(node, (ast.JoinedStr, ast.arguments)):
        yield node
    elif isinstance(node, ast.AnnAssign):
        yield node.annotation
    elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield from node.decorator_list
        if getattr(node, "returns", None) is not None:
            yield node.returns
    elif isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        yield node


class Replace(ast.NodeTransformer):
    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        return self.new if node is self.old else self.generic_visit(node)
