"""The condition of a question, as the workbook needs it: in words, and as a formula that greys the row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from attrs import evolve

from reviewcore.interview.instruments import answers_of, shown
from reviewcore.interview.plan import Instrument, Item
from reviewcore.interview.questions import Question
from reviewcore.language import All, Any, Compare, Condition, Field, Not, Value, holds, words

CellOf = Callable[[tuple[str, ...], int], str]
"""Where the workbook keeps one answer of a list of answers."""


def said(condition: Condition, instrument: Instrument, asked: Sequence[Question]) -> str:
    """Say a condition as the reader of the workbook sees its questions: by number, answers as listed."""
    numbers = {question.item.key: question.number for question in asked}
    fields = {key: Field(key, words=f"question {number}") for key, number in numbers.items()}
    return words(_with_labels(condition, _items(instrument), instrument), fields)


def _items(instrument: Instrument) -> Mapping[str, Item]:
    return {item.key: item for item in instrument.items()}


def _with_labels(node: Condition, items: Mapping[str, Item], instrument: Instrument) -> Condition:
    match node:
        case Compare(name, "is" | "is_not" | "in" | "not_in", value):
            texts = {code.code: f"“{shown(code)}”" for code in answers_of(instrument, items[name])}
            if isinstance(value, tuple):
                return evolve(node, value=tuple(_label(one, texts) for one in value))
            return evolve(node, value=_label(value, texts))
        case All(parts) | Any(parts):
            return type(node)(tuple(_with_labels(part, items, instrument) for part in parts))
        case Not(part):
            return Not(_with_labels(part, items, instrument))
    return node


def _label(value: Value, texts: Mapping[str, str]) -> Value:
    return texts.get(str(value), value)


def formula(condition: Condition, instrument: Instrument, cells: Mapping[str, str], cell_of: CellOf) -> str:
    """Return a spreadsheet formula that is true where the condition is; `cells` says where answers stand.

    A comparison with a closed answer becomes the list of the answers for which it holds, so that a code
    typed alone and an answer chosen from the list are understood alike.
    """
    items = _items(instrument)

    def test(node: Condition) -> str:
        match node:
            case All(parts):
                return f"AND({','.join(map(test, parts))})"
            case Any(parts):
                return f"OR({','.join(map(test, parts))})"
            case Not(part):
                return f"NOT({test(part)})"
            case Compare(name, "known", value):
                return f'{cells[name]}{"<>" if value else "="}""'
            case Compare(name) if items[name].kind == "number":
                return _number_test(cells[name], node)
            case Compare(name):
                codes = answers_of(instrument, items[name])
                texts = tuple(shown(code) for code in codes)
                good = [n for n, code in enumerate(codes) if holds(node, {name: code.code})]
                equal = [f"{cells[name]}={cell_of(texts, n)}" for n in good]
                equal += [f'{cells[name]}&""="{codes[n].code}"' for n in good]
                return f"OR({','.join(equal)})" if equal else "FALSE"

    return test(condition)


def _number_test(cell: str, node: Compare) -> str:
    values = node.value if isinstance(node.value, tuple) else (node.value,)
    sign = {"is": "=", "in": "=", "is_not": "<>", "not_in": "<>", "at_least": ">=", "at_most": "<="}[node.op]
    tests = ",".join(f"{cell}{sign}{value}" for value in values)
    every = "AND" if node.op == "not_in" else "OR"
    return f"AND(ISNUMBER({cell}),{every}({tests}))"
