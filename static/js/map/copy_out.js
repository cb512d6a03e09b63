/* Cards copied out of the map, as a table for Excel, Google Sheets and Word and as plain text: what is
   selected, else the card, the cell, the row or the column that has the focus; from the menu the whole
   map. Through the `copy` event, because plain http has no other clipboard. What is copied can be
   pasted back (journeys/formats/statements.py reads the values). */
import * as grid from "./grid.js";
import { notice } from "./notices.js";
import { say } from "./words.js";

const { CARD, CELL, LANE, STAGE } = grid;
let asked = null; // "table" or "text": the menu asked for the whole map
let done = false;

/* --- what ------------------------------------------------------------------------------------ */

const allCards = () => [...grid.board().querySelectorAll(CARD)];

function chosen() {
  if (grid.isTyping() || !getSelection().isCollapsed) return null;
  const many = [...grid.board().querySelectorAll(`${CARD}[data-ui-selected-many]`)];
  if (many.length) return { cards: many };
  const at = document.activeElement?.closest(`${CARD}, ${CELL}, ${LANE}, ${STAGE}`);
  if (!at || !grid.board().contains(at)) return null;
  if (at.matches(CARD)) return { cards: [at] };
  if (at.matches(CELL)) return { cards: grid.cardsOf(at) };
  const { id } = at.dataset;
  const axis = at.matches(LANE) ? "lane" : "stage";
  return { cards: allCards().filter((card) => placeOf(card)[axis] === id), [axis]: id };
}

const placeOf = (card) => grid.cellPlace(card.closest(CELL));

/* Cards as rows of cells, each a list of lines: as wide and as high as the stages and lanes they stand
   in, which are named in front unless all stand in one cell. `stage` or `lane`: a whole one. */
function tableOf(cards, { stage, lane, whole } = {}) {
  const places = new Map(cards.map((card) => [card, placeOf(card)]));
  const all = [...places.values()];
  const wanted = (axis, id) => whole || all.some((place) => place[axis] === id);
  const rows = grid.lanes().filter(({ dataset }) => (stage ? true : wanted("lane", dataset.id) || dataset.id === lane));
  const [first] = grid.lanes();
  const columns = (first ? grid.cellsOf(grid.rowOf(first)) : [])
    .map((cell) => grid.byId("stage", cell.dataset.stage))
    .filter(({ dataset }) => (lane ? true : wanted("stage", dataset.id) || dataset.id === stage));
  const cells = rows.map((row) =>
    columns.map((column) =>
      cards.filter((card) => {
        const place = places.get(card);
        return place.lane === row.dataset.id && place.stage === column.dataset.id;
      }),
    ),
  );
  const table = cells.map((row) => row.map((found) => found.map(lineOf)));
  if (rows.length === 1 && columns.length === 1) return table;
  const heads = columns.map(({ dataset }) => [dataset.name]);
  return [[[""], ...heads], ...table.map((row, y) => [[rows[y].dataset.name], ...row])];
}

/* A card on one line, with its values. */
function lineOf(card) {
  const text = grid.textOf(card).replace(/\s+/g, " ").trim();
  const { content, emotion, expectation, perception } = card.dataset;
  if (content === "emotion" && emotion !== undefined) {
    const value = Number(emotion);
    const signed = value > 0 ? `+${value}` : `${value}`.replace("-", "−");
    return text ? `${signed}${value ? "" : ":"} ${text}` : signed;
  }
  if (content === "touchpoint" && expectation && perception) return `${text} (${expectation}/${perception})`;
  return text;
}

/* --- how ------------------------------------------------------------------------------------- */

const escaped = (text) =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

/* Excel would put each line into a row of its own without being told otherwise. */
const BREAK = '<br style="mso-data-placement:same-cell">';

const htmlOf = (table) =>
  `<table border="1">${table
    .map((row) => `<tr>${row.map((lines) => `<td>${lines.map(escaped).join(BREAK)}</td>`).join("")}</tr>`)
    .join("")}</table>`;

const tsvOf = (table) =>
  table
    .map((row) =>
      row
        .map((lines) => lines.join("\n"))
        .map((text) => (/["\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
        .join("\t"),
    )
    .join("\r\n");

/* Stage by stage, lane by lane, for a letter or a chat. */
function outlineOf(table) {
  const [heads, ...rows] = table;
  return heads
    .slice(1)
    .map(([stage], x) => {
      const lanes = rows
        .filter((row) => row[x + 1].length)
        .map(([[lane], ...cells]) => `${lane}\n${cells[x].map((line) => `— ${line}`).join("\n")}`);
      return [stage.toLocaleUpperCase(), ...lanes].join("\n\n");
    })
    .join("\n\n\n");
}

function put(data, { cards, ...axis }) {
  if (asked === "text") return data.setData("text/plain", outlineOf(tableOf(cards, { whole: true })));
  if (cards.length === 1 && !axis.stage && !axis.lane && !asked) {
    return data.setData("text/plain", grid.textOf(cards[0]));
  }
  const table = tableOf(cards, asked ? { whole: true } : axis);
  const oneCell = table.length === 1 && table[0].length === 1;
  data.setData("text/plain", oneCell ? table[0][0].join("\n") : tsvOf(table));
  data.setData("text/html", htmlOf(table));
}

document.addEventListener("copy", (event) => {
  const what = asked ? { cards: allCards() } : chosen();
  if (!what || (!what.cards.length && !asked)) return;
  event.preventDefault();
  put(event.clipboardData, what);
  done = true;
});

document.addEventListener("click", ({ target }) => {
  const act = target.closest("[data-act]")?.dataset.act;
  if (act !== "copy-table" && act !== "copy-text") return;
  asked = act === "copy-table" ? "table" : "text";
  done = false;
  document.execCommand("copy");
  notice(say(done ? `copied-${asked}` : "not-copied"), { bad: !done });
  asked = null;
});
