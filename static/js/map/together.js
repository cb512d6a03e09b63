/* Where several cards go together: each as many stages and lanes aside as the one that leads them.
   What would leave the board stays at its edge. Gives `[{ cards: ids, stage, lane, after }]`. */
import * as grid from "./grid.js";

const clamp = (value, length) => Math.max(0, Math.min(length - 1, value));
const cellOf = (card) => card.closest(grid.CELL);

/* To where `lead` is put; those of its own cell come along in their order. */
export function shifted(cards, lead, place) {
  const rows = grid.lanes().map(grid.rowOf).filter(grid.isShown);
  const at = (cell) => [
    rows.indexOf(grid.rowOf(cell)),
    grid.cellsOf(grid.rowOf(cell)).indexOf(cell),
  ];
  const goal = grid.cellAt(place);
  const [[fromY, fromX], [toY, toX]] = [at(cellOf(lead)), at(goal)];
  return grouped(cards, (card) => {
    const [y, x] = at(cellOf(card));
    const row = rows[clamp(y + toY - fromY, rows.length)];
    const cells = grid.cellsOf(row);
    return cells[clamp(x + toX - fromX, cells.length)];
  }, { goal, after: place.after });
}

/* One stage to the left or to the right. */
export function aside(cards, step) {
  return grouped(cards, (card) => {
    const cells = grid.cellsOf(grid.rowOf(card));
    return cells[clamp(cells.indexOf(cellOf(card)) + step, cells.length)];
  });
}

/* All to one stage, each in its lane. */
export function toStage(cards, stage) {
  return grouped(cards, (card) => grid.cellAt({ stage, lane: cellOf(card).dataset.lane }));
}

function grouped(cards, cellFor, { goal, after } = {}) {
  const groups = new Map();
  for (const card of cards) {
    const cell = cellFor(card);
    if (cell === cellOf(card) && cell !== goal) continue;
    groups.set(cell, [...(groups.get(cell) ?? []), card.dataset.id]);
  }
  return [...groups].map(([cell, ids]) => ({
    cards: ids,
    ...grid.cellPlace(cell),
    after: cell === goal ? after : lastBut(cell, cards),
  }));
}

const lastBut = (cell, cards) =>
  grid.cardsOf(cell).filter((card) => !cards.includes(card)).at(-1)?.dataset.id ?? "first";

/* Within each cell the chosen cards go up or down past one neighbour, all in a row behind it. */
export function upOrDown(cards, step) {
  const cells = new Set(cards.map(cellOf));
  return [...cells].flatMap((cell) => {
    const all = grid.cardsOf(cell);
    const mine = all.filter((card) => cards.includes(card));
    const rest = all.filter((card) => !mine.includes(card));
    const edge = all.indexOf(step < 0 ? mine[0] : mine.at(-1)) + step;
    const neighbour = all[edge];
    if (!neighbour) return [];
    const behind = step < 0 ? rest[rest.indexOf(neighbour) - 1] : neighbour;
    return [{ cards: mine.map(({ dataset }) => dataset.id), ...grid.cellPlace(cell), after: behind?.dataset.id ?? "first" }];
  });
}
