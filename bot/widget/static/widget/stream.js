/** Server-Sent Events read with fetch, because EventSource cannot send the token. */
import { openStream, problemOf } from "./calls.js";

/** The service says something at once; what stays silent so long is held back on the way. */
const FIRST_SIGN_MS = 8000;
/** Afterwards a sign comes every 15 seconds. */
const SILENCE_MS = 45000;

/** Something between here and the service does not let streams through. */
export class Blocked extends Error {}

/**
 * Read one stream to its end. Throws `Problem`, `Blocked` when no stream came through, or what fetch throws.
 * @param {import("./shapes.js").Key} key
 * @param {number} last Id of the last message known.
 * @param {(message: import("./shapes.js").Message) => void} onMessage
 * @param {() => void} onSign The stream works.
 * @param {AbortSignal} signal
 */
export async function readStream(key, last, onMessage, onSign, signal) {
  const attempt = new AbortController();
  signal.addEventListener("abort", () => attempt.abort(), { signal: attempt.signal });
  let silence = setTimeout(() => attempt.abort(), FIRST_SIGN_MS);
  let heard = false;
  try {
    const response = await openStream(key, last, attempt.signal);
    if (!response.ok) throw await problemOf(response);
    if (!response.body || !response.headers.get("Content-Type")?.startsWith("text/event-stream")) throw new Blocked();
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    for (let buffer = ""; ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(silence);
      silence = setTimeout(() => attempt.abort(), SILENCE_MS);
      heard = true;
      onSign();
      const blocks = (buffer + decoder.decode(value, { stream: true })).split(/\r\n\r\n|\n\n/);
      buffer = blocks.pop() ?? "";
      for (const block of blocks) handOver(block, onMessage);
    }
  } catch (error) {
    throw attempt.signal.aborted && !signal.aborted && !heard ? new Blocked() : error;
  } finally {
    clearTimeout(silence);
    attempt.abort();
  }
}

/** @param {string} block @param {(message: import("./shapes.js").Message) => void} onMessage */
function handOver(block, onMessage) {
  const data = [...block.matchAll(/^data: ?(.*)$/gm)].map(([, line]) => line.replace(/\r$/, ""));
  if (data.length) onMessage(JSON.parse(data.join("\n")));
}
