"""Reads YAML 1.2 into plain values: ``on`` is a word, numbers and dates stay text until somebody knows what they mean.

An id such as 110105 or a clause is text, quoted or not; only true, false and nothing keep their meaning. ``natural`` reads
whole numbers as numbers too, for values that are compared with answers.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from replay.unusable import Unusable

LARGEST = 2_000_000  # bytes
MOST_VALUES = 200_000  # aliases of aliases can make a small file endless
MOST_LEVELS = 50
NATURAL = frozenset({"expect", "with"})
_PLAIN = "tag:yaml.org,2002:"
_KNOWN = frozenset(_PLAIN + name for name in ("str", "int", "float", "timestamp", "bool", "null", "merge"))


def read(path: Path) -> Any:
    """The value of a file that holds one document. Raises Unusable."""
    try:
        if path.stat().st_size > LARGEST:
            raise Unusable(f"文件超过{LARGEST // 1_000_000}MB。")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Unusable(f"文件无法读取({error.strerror})。") from error
    except UnicodeDecodeError as error:
        raise Unusable("文件不是UTF-8编码。") from error
    return parse(text)


def parse(text: str) -> Any:
    """The value of a text that holds one document. Raises Unusable."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, RecursionError) as error:
        raise Unusable(f"不是可用的YAML:{_in_words(error)}") from error
    if root is None:
        raise Unusable("文件是空的。")
    return _Reader().value(root, natural=False, above=())


def _in_words(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"第{mark.line + 1}行,{problem}" if mark is not None else str(problem)


class _Reader:
    def __init__(self) -> None:
        self.values = 0

    def value(self, node: Node, natural: bool, above: tuple[int, ...]) -> Any:
        self.values += 1
        line = node.start_mark.line + 1
        if id(node) in above:
            raise Unusable(f"第{line}行,别名引用了自身。")
        if self.values > MOST_VALUES or len(above) > MOST_LEVELS:
            raise Unusable(f"第{line}行,内容过多或层次过深。")
        if isinstance(node, ScalarNode):
            return _scalar(node, natural, line)
        inside = (*above, id(node))
        if isinstance(node, SequenceNode):
            return [self.value(each, natural, inside) for each in node.value]
        assert isinstance(node, MappingNode)
        return self._mapping(node, natural, inside)

    def _mapping(self, node: MappingNode, natural: bool, above: tuple[int, ...]) -> dict[str, Any]:
        own: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode):
                raise Unusable(f"第{line}行,名称应为文字。")
            if key.value == "<<" and key.style is None:
                for each in value.value if isinstance(value, SequenceNode) else [value]:
                    found = self.value(each, natural, above)
                    if not isinstance(found, dict):
                        raise Unusable(f"第{line}行,“<<”应引用一组字段。")
                    merged = {**found, **merged}
                continue
            if key.value in own:
                raise Unusable(f"第{line}行,“{key.value}”写了两次。")
            own[key.value] = self.value(value, natural or key.value in NATURAL, above)
        return {**merged, **own}


def _scalar(node: ScalarNode, natural: bool, line: int) -> str | int | bool | None:
    if node.tag not in _KNOWN:
        raise Unusable(f"第{line}行,不支持标签{node.tag}。")
    text = str(node.value)
    if node.tag == _PLAIN + "null":
        return None
    if node.tag == _PLAIN + "bool":
        return text.lower() == "true"
    if natural and node.tag == _PLAIN + "int" and re.fullmatch(r"[-+]?\d{1,18}", text):
        return int(text)
    return text
