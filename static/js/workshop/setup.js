/* The agenda and the groups: saved as they are changed; a refusal is said in a toast. */
import { answered } from "./acts.js";

window.htmx.config.morphIgnore.push("open"); // what one has opened stays open

answered();
