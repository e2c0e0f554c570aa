// Talks to the emulator: the stream of its messages, and what is done on the page. docs/web.md says what passes.

const RETRY = 1000; // milliseconds until a lost stream is tried again

/** Call `handlers[kind]` with the content of each message, and `handlers.connection` with what becomes of the stream. */
export function listen(handlers) {
  const stream = new EventSource("api/stream");
  for (const kind of ["snapshot", "trace", "state", "traffic", "lost"]) {
    stream.addEventListener(kind, (message) => handlers[kind]?.(JSON.parse(message.data)));
  }
  stream.onopen = () => handlers.connection("connected");
  stream.onerror = () => {
    stream.close();
    handlers.connection("not connected; trying again");
    setTimeout(() => listen(handlers), RETRY);
  };
}

/** Carry out a request of the control socket; return its `ok`, or throw what the emulator says. */
export async function act(module, request) {
  const answer = await fetch("api/do", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ module, ...request }),
  });
  const content = await answer.json();
  if (content.error !== undefined) throw new Error(content.error);
  return content.ok;
}
