/* Which words of a text are not in another: word by word, as changes/merge.py joins them. */
const TOKEN = /[\p{L}\p{N}_\u00ad]+|\s+|[^\p{L}\p{N}_\u00ad\s]/gu;
const MOST = 250_000; // pairs of words compared: beyond that all between the first and the last change

/* What is only there for setting the text doesn't count. */
const same = (word) => word.replaceAll("\u00ad", "").replace(/\s+/, " ");

/* The parts of `text` that differ from `other`, as [from, to] in `text`. */
export function differences(text, other) {
  const found = text.match(TOKEN) ?? [];
  const [mine, theirs] = [found.map(same), (other.match(TOKEN) ?? []).map(same)];
  let start = 0;
  while (start < mine.length && mine[start] === theirs[start]) start++;
  let end = 0;
  const shorter = Math.min(mine.length, theirs.length) - start;
  while (end < shorter && mine.at(-1 - end) === theirs.at(-1 - end)) end++;
  const middle = mine.slice(start, mine.length - end);
  const kept = common(middle, theirs.slice(start, theirs.length - end));
  const parts = [];
  let at = found.slice(0, start).join("").length;
  middle.forEach((word, index) => {
    const to = at + found[start + index].length;
    if (!kept.has(index)) {
      if (parts.at(-1)?.[1] === at) parts.at(-1)[1] = to;
      else parts.push([at, to]);
    }
    at = to;
  });
  return parts.filter(([from, to]) => text.slice(from, to).trim());
}

/* The places in `mine` of the longest row of words that both have. */
function common(mine, theirs) {
  if (mine.length * theirs.length > MOST) return new Set();
  const length = Array.from({ length: mine.length + 1 }, () => new Uint32Array(theirs.length + 1));
  for (let i = mine.length - 1; i >= 0; i--) {
    for (let j = theirs.length - 1; j >= 0; j--) {
      length[i][j] =
        mine[i] === theirs[j]
          ? length[i + 1][j + 1] + 1
          : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const kept = new Set();
  for (let i = 0, j = 0; i < mine.length && j < theirs.length; ) {
    if (mine[i] === theirs[j]) {
      kept.add(i++);
      j++;
    } else if (length[i + 1][j] >= length[i][j + 1]) i++;
    else j++;
  }
  return kept;
}
