/** Server-Sent Events read with fetch, because EventSource cannot send the token. */
import { Problem, openStream, wait } from "./api.js";

const SILENCE_MS = 45000;
const LONGEST_WAIT = 30;

/**
 * Follow a conversation until stopped; connects again by itself, a little later each time.
 * @param {import("./api.js").Key} key
 * @param {string} last Id of the last message known.
 * @param {(message: object) => void} onMessage
 * @param {() => void} onGone The conversation is not there any more.
 * @returns {() => string} Stops; gives the id to go on from.
 */
export function follow(key, last, onMessage, onGone) {
  let stopped = false;
  let attempt = new AbortController();

  async function read() {
    attempt = new AbortController();
    const response = await openStream(key, last, attempt.signal);
    if (!response.ok || !response.body) throw new Problem(response.status, Number(response.headers.get("Retry-After")) || 0);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let buffer = ""; ; ) {
      const silence = setTimeout(() => attempt.abort(), SILENCE_MS);
      const { done, value } = await reader.read().finally(() => clearTimeout(silence));
      if (done) return;
      failures = 0;
      const blocks = (buffer + value).split(/\r\n\r\n|\n\n/);
      buffer = blocks.pop() ?? "";
      for (const block of blocks) if (!stopped) tell(block);
    }
  }

  function tell(/** @type {string} */ block) {
    const data = [];
    for (const line of block.split(/\r?\n/)) {
      const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      if (name === "id") last = value;
      if (name === "data") data.push(value);
    }
    if (data.length) onMessage(JSON.parse(data.join("\n")));
  }

  let failures = 0;
  (async () => {
    while (!stopped) {
      let seconds = 0;
      try {
        await read();
      } catch (problem) {
        if (stopped) return;
        if (problem.gone) return onGone();
        seconds = problem.seconds ?? 0;
      }
      await wait(Math.max(seconds, Math.min(2 ** failures++, LONGEST_WAIT)) * (1 + Math.random() / 2));
    }
  })();

  return () => {
    stopped = true;
    attempt.abort();
    return last;
  };
}
