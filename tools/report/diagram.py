"""The stages of the package as a picture: one column a stage, one box a function, one line a value handed on."""

from collections.abc import Sequence
from html import escape

from tools.report.model import StageBox

_COLUMNS = ("data", "model", "training", "evaluation")
_WIDTH, _GAP, _HEIGHT, _SPACE, _TOP = 230, 110, 50, 22, 34


def diagram(stages: Sequence[StageBox]) -> str:
    """Return an inline SVG; empty where there are no stages.

    Args:
        stages: In call order.
    """
    if not stages:
        return ""
    columns = [c for c in _COLUMNS if any(s.stage == c for s in stages)]
    rows = dict.fromkeys(columns, 0)
    places: list[tuple[int, int]] = []
    for stage in stages:
        x = 6 + columns.index(stage.stage) * (_WIDTH + _GAP)
        places.append((x, _TOP + rows[stage.stage] * (_HEIGHT + _SPACE)))
        rows[stage.stage] += 1
    width = len(columns) * (_WIDTH + _GAP) - _GAP + 12 + 60
    height = _TOP + max(rows.values()) * (_HEIGHT + _SPACE)
    parts = [
        f'<text class="head" x="{6 + n * (_WIDTH + _GAP)}" y="16">{escape(column)}</text>'
        for n, column in enumerate(columns)
    ]
    parts += _edges(stages, places)
    parts += [_box(stage, *place) for stage, place in zip(stages, places, strict=True)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="stages of the package">' + "".join(parts) + "</svg>"
    )


def _edges(stages: Sequence[StageBox], places: Sequence[tuple[int, int]]) -> list[str]:
    """Draw one line for each pair of functions that hand values on, with the names of the values."""
    maker: dict[str, int] = {}
    found: dict[tuple[int, int], list[str]] = {}
    for number, stage in enumerate(stages):
        for variable in stage.takes:
            if variable in maker:
                found.setdefault((maker[variable], number), []).append(variable)
        maker |= dict.fromkeys(stage.gives, number)
    return [_edge(places[a], places[b], ", ".join(names)) for (a, b), names in found.items()]


def _edge(start: tuple[int, int], end: tuple[int, int], names: str) -> str:
    label = f"<title>{escape(names)}</title>"
    if start[0] == end[0]:
        x, first, last = start[0], start[1] + _HEIGHT, end[1]
        if last - first <= _SPACE:
            path, tip = f"M{x + 24} {first}V{last - 5}", (x + 24, last, "down")
        else:
            side = x + _WIDTH + 14
            y1, y2, bend = first - 12, last + 14, side + 16
            path = f"M{x + _WIDTH} {y1}C{bend} {y1},{bend} {y2},{x + _WIDTH + 5} {y2}"
            tip = (x + _WIDTH, y2, "left")
    elif start[0] < end[0]:
        x1, y1, x2, y2 = start[0] + _WIDTH, start[1] + _HEIGHT // 2, end[0], end[1] + _HEIGHT // 2
        middle = (x1 + x2) // 2 if x2 - x1 <= _GAP else x2 - _GAP // 2
        path = f"M{x1} {y1}C{middle} {y1},{middle} {y2},{x2 - 5} {y2}"
        tip = (x2, y2, "right")
    else:
        x1, y1, x2, y2 = start[0], start[1] + _HEIGHT - 10, end[0] + _WIDTH, end[1] + _HEIGHT - 10
        path = f"M{x1} {y1}C{(x1 + x2) // 2} {y1},{(x1 + x2) // 2} {y2},{x2 + 5} {y2}"
        tip = (x2, y2, "left")
    return f'<g>{label}<path class="edge" d="{path}"/>{_tip(*tip)}</g>'


def _tip(x: int, y: int, way: str) -> str:
    shapes = {
        "down": f"{x - 4},{y - 7} {x + 4},{y - 7} {x},{y}",
        "right": f"{x - 7},{y - 4} {x - 7},{y + 4} {x},{y}",
        "left": f"{x + 7},{y - 4} {x + 7},{y + 4} {x},{y}",
    }
    return f'<polygon class="tip" points="{shapes[way]}"/>'


def _box(stage: StageBox, x: int, y: int) -> str:
    gives = ", ".join(stage.gives)
    shown = gives if len(gives) <= 36 else f"{gives[:35]}…"
    name = stage.name if len(stage.name) <= 32 else f"{stage.name[:31]}…"
    title = f"{stage.file}:{stage.line} gives {gives}" if stage.line else gives
    rectangle = f'<rect class="box" x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="7"/>'
    return (
        f"<g><title>{escape(title)}</title>{rectangle}"
        f'<text x="{x + 12}" y="{y + 21}">{escape(name)}</text>'
        f'<text class="small" x="{x + 12}" y="{y + 38}">{escape(shown)}</text></g>'
    )
