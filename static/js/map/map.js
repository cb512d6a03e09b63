/* The page of a map: one behaviour per file, each hanging on what stands in the page.

   #map       data-map, data-seq, data-epoch, data-build, data-can-edit, data-actor
   #live      data-stream: the address of the stream
   #words     sentences in the reader's language, #editor, #lift (templates/journeys/words.html)
   #board     cells (role=gridcell, data-stage, data-lane) with cards; [data-id][data-v] is a
              card, a stage header or a lane header; .card-words is a card's words, [data-face] an
              emotion's face, [data-grip] what a thing is dragged by (tools.js puts one on the
              card, stage or lane that is pointed at or focused)
   [data-menu="<id>"] opens a shared menu for the part of the board it stands in
   [data-act] what a button does to that part, told in the file that listens:
              menus.js    details, edit, rename, duplicate, delete, move (with data-to), add-after
              headers.js  add-stage, add-lane, fold, hide, show    minimap.js  go-stage
              editor.js   add, take-touchpoint, whole-catalogue, next-card, done     conflict.js  choose, mine, theirs, both
              steps.js    undo, redo           tools.js  details    saved.js     retry
              images.js   choose-images            image_view.js remove-image
   [data-many] in #many and its menus: what is done to all chosen cards (many.js, many_edits.js)
              copy_out.js copy-table, copy-text
   [data-field] in #details: posted when changed (details.js)
   [data-image] an image of a card: opened large by image_view.js
   #saved, #people, #details, #spoken (aria-live), #shortcuts (a dialog)

   The state of this one screen is written as data-ui-… attributes and tabindex, which no morph
   touches: data-ui-selected, -selected-many, -dimmed, -editing, -waiting, -provisional, -writer,
   -folded, -hidden, -lifted, -dragged. */
import * as live from "../live.js";
import "./notices.js";
import "./presence.js";
import "./details.js";
import "./folds.js";
import "./walk.js";
import "./find.js";
import "./zoom.js";
import "./minimap.js";
import "./image_view.js";
import "./marquee.js";
import "./many.js";
import "./filter_menu.js";
import "./workshop.js";
import "./copy_out.js";
import { canEdit } from "./grid.js";

/* Renamed by anyone. */
document.addEventListener("live:drawn", () => {
  document.title = document.getElementById("map-head").dataset.title;
});
if (canEdit) await import("./edit.js");
live.start();
