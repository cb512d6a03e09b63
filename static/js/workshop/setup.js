/* The agenda: saved as it is changed; a refusal is said in a toast. */
import { answered } from "./acts.js";

answered();
