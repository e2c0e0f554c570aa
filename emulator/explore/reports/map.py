"""The map of one exploration: a row a place, a column a kind, a cell the worst that came of its steps."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from emulator.explore.exploration import Exploration
from emulator.explore.reports.dialogues import Dialogues
from emulator.explore.reports.survey import Cell, Column, Fate, Row, Survey
from emulator.pages.elements import table, text

SIGNS = {
    Fate.CRASH: "C",
    Fate.HANG: "H",
    Fate.FALSE_SUCCESS: "F",
    Fate.LOST_DATA: "L",
    Fate.DUPLICATE_DATA: "D",
    Fate.NEEDLESS_FAILURE: "N",
    Fate.FAILED: "○",
    Fate.PASSED: "✓",
    Fate.NOT_REACHED: "-",
    Fate.PUT_OFF: "+",
    Fate.NOT_TRIED: "·",
}
"""A sign for each fate, so that colours do not tell it alone."""


def class_of(fate: Fate) -> str:
    """Return the name by which the page's style knows a fate."""
    return str(fate).replace(" ", "-")


def map_table(number: int, exploration: Exploration, survey: Survey, dialogues: Dialogues) -> str:
    """Return the map as a table; the runs behind its cells go into `dialogues`."""
    name = f"{exploration.firmware}: places of the healthy run, and what happened there"
    head = "".join(_head(survey.columns))
    rows = "\n".join(_row(row, cells, survey, dialogues) for row, cells in survey.cells.items())
    heading = f'<h3 id="map-{number}">{text(exploration.firmware)}</h3>\n'
    return heading + table(name, [f"{head}<tbody>\n{rows}\n</tbody>"], "map")


def _head(columns: Sequence[Column]) -> Iterator[str]:
    natures = [(nature, len(list(members))) for nature, members in groupby(columns, key=lambda column: column.nature)]
    yield "<colgroup><col></colgroup>"
    yield from (f'<colgroup span="{size}"></colgroup>' for _, size in natures)
    yield '<thead><tr><th rowspan="2" scope="col">Place</th>'
    yield from (f'<th scope="colgroup" colspan="{size}">{nature}</th>' for nature, size in natures)
    yield "</tr>\n<tr>"
    yield from (f'<th scope="col"><span>{text(column.kind)}</span></th>' for column in columns)
    yield "</tr></thead>\n"


def _row(row: Row, cells: Mapping[str, Cell], survey: Survey, dialogues: Dialogues) -> str:
    within = "".join(_cell(cells.get(column.kind), dialogues) for column in survey.columns)
    return f'<tr><th scope="row">{text(row.name)}</th>{within}</tr>'


def _cell(cell: Cell | None, dialogues: Dialogues) -> str:
    if cell is None:
        return "<td></td>"
    fate, of = cell.worst, len(cell.fates)
    number = sum(1 for _, each, _ in cell.fates if each is fate)
    count = str(of) if number == of else f"{number}/{of}"
    shown = f"{SIGNS[fate]}<small>{count}</small>"
    words = f"{fate}, {count.replace('/', ' of ')}"
    if cell.result is None:
        return f'<td class="{class_of(fate)}" title="{words}">{shown}</td>'
    target = dialogues.name_of(cell.result)
    return f'<td class="{class_of(fate)}"><a href="#{target}" aria-label="{words}" title="{words}">{shown}</a></td>'
