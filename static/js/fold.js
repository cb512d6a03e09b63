/* A text as it is compared: one case, one е, one kind of space (ui/text.py does the
   same on the server). Soft hyphens are the typesetter's, not the writer's. */
export const fold = (text) =>
  text.toLocaleLowerCase().replaceAll("ё", "е").replaceAll("\u00ad", "").replace(/\s+/g, " ").trim();
