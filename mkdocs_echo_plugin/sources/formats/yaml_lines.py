"""The line on which a part of a YAML or JSON file stands, for messages."""

from __future__ import annotations

from collections.abc import Sequence


def line_of(words: str, steps: Sequence[str | int]) -> str:
    """The line on which a part of the file stands. JSON is YAML, whose parser keeps the lines: asked only on errors."""
    counted = [str(step + 1) for step in steps[:8] if isinstance(step, int)]
    place = "entry " + " > ".join(counted) if counted else "line 1"
    if len(words) > 500_000:
        return place
    import yaml

    try:
        node = yaml.compose(words, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        for step in steps:
            if isinstance(step, int) and isinstance(node, yaml.SequenceNode):
                node = node.value[step]
            elif isinstance(node, yaml.MappingNode):
                node = next((value for key, value in node.value if key.value == step), node)
        return f"line {node.start_mark.line + 1}" if node is not None else place
    except (yaml.YAMLError, ValueError, IndexError, RecursionError, AttributeError):
        return place
