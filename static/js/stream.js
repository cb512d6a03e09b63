/* Server-sent events, read by hand.

   Neither EventSource (hides the status: a lost right would be asked for for ever) nor htmx's own
   (swaps before we can put frames in order, keeps the id of a frame whose swap failed, gives up
   when the first connection fails, and does not notice a connection that died in silence). */
const SILENCE = 40_000; // the server speaks every 15 s
const MOST_WAIT = 5_000;
const HIDDEN = 60_000; // browsers allow six connections a server: a forgotten tab gives its back

/* `address()` is asked at each connection. `heard(event, data, id)` gets every event, an unnamed one
   as "message". `changed(state)` gets "open", "lost", or the status that ended it for good. Returns a
   function that connects anew where the address has changed. */
export function listen(address, heard, changed) {
  let connection = null;
  let heardAt = 0;
  let failures = 0;
  let retry = 500;
  let timer;
  let hide;
  let over = false;

  async function connect() {
    clearTimeout(timer);
    if (connection || over || document.hidden) return;
    const mine = (connection = new AbortController());
    heardAt = Date.now();
    try {
      const answer = await fetch(address(), {
        headers: { Accept: "text/event-stream", "HX-Request": "true" },
        cache: "no-store",
        redirect: "manual",
        signal: mine.signal,
      });
      if (answer.type === "opaqueredirect") finish(401);
      else if ([401, 403, 404].includes(answer.status)) finish(answer.status);
      else if (answer.ok) await read(answer.body, mine.signal);
    } catch {
      // Cut or never made: the same remedy.
    }
    if (connection === mine) lose();
  }

  async function read(body, signal) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done || signal.aborted) return;
      heardAt = Date.now();
      const events = (text + value).split("\n\n");
      text = events.pop();
      events.forEach(tell);
    }
  }

  function tell(lines) {
    const said = { event: "message", data: [] };
    for (const line of lines.split("\n")) {
      const [, name, value] = line.match(/^(\w+): ?(.*)$/) ?? [];
      if (name === "data") said.data.push(value);
      else if (name) said[name] = value;
    }
    if (said.retry) retry = Number(said.retry);
    if (said.event === "hello") {
      failures = 0;
      changed("open");
    }
    const data = said.data.join("\n");
    if (said.event === "bye") finish(JSON.parse(data).status);
    else heard(said.event, data, Number(said.id));
  }

  function lose() {
    connection?.abort();
    connection = null;
    if (over) return;
    changed("lost");
    const backOff = Math.min(MOST_WAIT, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
    timer = setTimeout(connect, failures++ ? backOff : retry);
  }

  function finish(status) {
    over = true;
    changed(status);
    connection?.abort();
  }

  setInterval(() => {
    if (connection && Date.now() - heardAt > SILENCE) lose();
  }, 5_000);
  addEventListener("online", connect);
  addEventListener("offline", () => connection && lose());
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hide);
    if (document.hidden) hide = setTimeout(() => connection && lose(), HIDDEN);
    else if (connection && Date.now() - heardAt > SILENCE) lose();
    else connect();
  });
  connect();
  return () => {
    connection?.abort();
    connection = null;
    connect();
  };
}
