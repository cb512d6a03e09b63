/* What only those who may change the map load. */
import * as live from "../live.js";
import * as queue from "../queue.js";
import "./pending.js";
import "./saved.js";
import "./tools.js";
import "./editor.js";
import "./paste.js";
import "./images.js";
import "./keys.js";
import "./steps.js";
import "./menus.js";
import "./headers.js";
import "./about.js";
import "./find_in_list.js";
import "./drag.js";
import "./lift.js";
import "./faces.js";
import "./conflict.js";
import "./tags.js";
import "./many_edits.js";

queue.start(live);
