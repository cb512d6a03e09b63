/* A table pasted into the map: read from the clipboard, shown by the server as a question where there
   is one to ask, then sent as one edit. */
import { token } from "../signal.js";
import * as edits from "./edits.js";
import { cellAt, cellPlace, cardsOf, focus } from "./grid.js";
import { notice } from "./notices.js";
import { count, say, speak } from "./words.js";

const dialog = document.getElementById("paste-block");
let from = null; // { rows, stage, lane }: what is being asked about

/* --- reading --------------------------------------------------------------------------------- */

/* The rows of a copied table, from what Excel, Google Sheets and Word put beside the plain text, or
   from text with tabs; null if it is none. */
export function rowsOf(clipboard) {
  const table = new DOMParser()
    .parseFromString(clipboard.getData("text/html"), "text/html")
    .querySelector("table");
  if (table) return trimmed(cellsOf(table));
  const text = clipboard.getData("text/plain");
  return text.includes("\t") ? trimmed(tsv(text)) : null;
}

/* A cell over several columns or rows stands in the first of them. */
function cellsOf(table) {
  const rows = [];
  [...table.rows].forEach((row, y) => {
    rows[y] ??= [];
    let x = 0;
    for (const cell of row.cells) {
      while (rows[y][x] !== undefined) x++;
      for (let down = 0; down < Math.min(cell.rowSpan, table.rows.length - y); down++) {
        rows[y + down] ??= [];
        for (let right = 0; right < cell.colSpan; right++) rows[y + down][x + right] = "";
      }
      rows[y][x] = linesIn(cell);
    }
  });
  return rows.map((row) => Array.from(row, (text) => text ?? ""));
}

const BLOCK = /^(?:P|DIV|LI|UL|OL|H[1-6])$/;

/* The source's own line ends mean nothing, those of <br> and of paragraphs do. */
function linesIn(node) {
  let text = "";
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) text += child.data.replace(/[ \t\r\n]+/g, " ");
    else if (child.nodeName === "BR") text += "\n";
    else if (child.nodeType === Node.ELEMENT_NODE) {
      const inner = linesIn(child);
      text += BLOCK.test(child.nodeName) ? `\n${inner}\n` : inner;
    }
  }
  return text;
}

/* Text with tabs, as spreadsheets write it: a cell with a line break or a quote in it is quoted. */
function tsv(text) {
  const rows = [[]];
  const cell = /"((?:[^"]|"")*)"(?=\t|\r?\n|\r|$)|([^\t\r\n]*)/y;
  for (;;) {
    const [whole, quoted, plain] = cell.exec(text);
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    const at = cell.lastIndex;
    const end = text.slice(at).match(/^(?:\t|\r\n|\n|\r)/)?.[0];
    if (end === undefined) return rows;
    if (end !== "\t") rows.push([]);
    cell.lastIndex = at + end.length;
  }
}

/* Lines without the spaces around them, no empty rows and columns at the end. */
function trimmed(rows) {
  const clean = rows.map((row) =>
    row.map((text) =>
      text
        .split(/\r\n|\r|\n/)
        .map((line) => line.trim())
        .filter(Boolean)
        .join("\n"),
    ),
  );
  while (clean.length && !clean.at(-1).some(Boolean)) clean.pop();
  const width = Math.max(0, ...clean.map((row) => row.findLastIndex(Boolean) + 1));
  return clean.map((row) => Array.from({ length: width }, (_, x) => row[x] ?? ""));
}

/* --- asking ---------------------------------------------------------------------------------- */

export function paste(cell, rows) {
  from = { rows, ...cellPlace(cell) };
  return look({});
}

async function look(choices) {
  const { rows, stage, lane } = from;
  const body = new URLSearchParams({ rows: JSON.stringify(rows), stage, lane, ...choices });
  let answer;
  let text;
  try {
    const headers = { "X-CSRFToken": token(), "HX-Request": "true" };
    answer = await fetch("paste/look/", { method: "POST", body, headers, redirect: "manual" });
    text = await answer.text();
  } catch {
    return notice(say("paste-offline"), { bad: true });
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  if (!answer.ok) {
    const said = page.querySelector(".refusal")?.textContent.trim();
    return notice(said || say("not-saved"), { bad: true });
  }
  const form = document.importNode(page.querySelector("form"), true);
  if (answer.headers.get("X-Ask") === "no") return send(form);
  const focused = dialog.open && document.activeElement?.name;
  dialog.replaceChildren(form);
  if (!dialog.open) dialog.showModal();
  else form.querySelector(`[name="${focused}"]:checked, [name="${focused}"]`)?.focus();
}

dialog.addEventListener("change", ({ target }) => {
  const { together, head_row, head_column } = target.form.elements;
  const choices = {};
  if (together) choices.together = together.value;
  if (head_row && target.name !== "together") choices.head_row = head_row.checked ? 1 : 0;
  if (head_column && target.name !== "together") choices.head_column = head_column.checked ? 1 : 0;
  look(choices);
});

dialog.addEventListener("submit", ({ submitter }) => {
  if (submitter?.value === "paste") send(dialog.querySelector("form"));
});

function send(form) {
  const { block } = form.dataset;
  const { rows, stages, lanes } = JSON.parse(block);
  const words = rows.map((row) => row.join("\t")).join("\n");
  edits.pasteBlock(block, words, () => {
    const cards = rows.flat().flatMap((text) => text.split("\n")).filter(Boolean).length;
    speak(count("pasted", cards));
    notice(count("pasted", cards));
    const place = { stage: stages[0].id, lane: lanes[0].id };
    document.addEventListener("live:drawn", () => show(place), { once: true });
  });
}

function show(place) {
  const cell = cellAt(place);
  if (!cell) return;
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (document.activeElement === document.body) focus(cardsOf(cell).at(-1) ?? cell);
}
