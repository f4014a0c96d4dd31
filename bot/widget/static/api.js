/** Calls of the HTTP API, version 1. */

/** @typedef {{id: string, token: string}} Key What opens a conversation. */

const BASE = new URL("../api/v1/conversations", import.meta.url).href;
const WAITS = [1, 2, 4];
const GONE = [401, 403, 404];

/** An error: the service's status, or 0 when it could not be reached; and how many seconds to wait. */
export class Problem extends Error {
  constructor(/** @type {number} */ status, seconds = 0) {
    super(`status ${status}`);
    this.status = status;
    this.seconds = seconds;
  }

  get gone() {
    return GONE.includes(this.status);
  }
}

/** @param {number} seconds */
export const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** @param {string} [last] Id of the last event seen. */
export const openStream = (/** @type {Key} */ key, last, /** @type {AbortSignal} */ signal) =>
  fetch(`${BASE}/${key.id}/events`, { headers: { Authorization: `Bearer ${key.token}`, "Last-Event-ID": last ?? "0" }, signal });

/** @param {{language: string}} body @returns {Promise<Key & {messages: object[]}>} */
export const begin = (body) => patiently("", null, "POST", body);

/** A message; `client_id` stays the same when it is sent again, so it never causes a second turn. */
export const send = (/** @type {Key} */ key, /** @type {object} */ body) => patiently(`/${key.id}/messages`, key, "POST", body);

/** All messages, oldest first. */
export async function history(/** @type {Key} */ key) {
  const all = [];
  for (let more = true; more; ) {
    const { messages } = await patiently(`/${key.id}/messages?after=${all.at(-1)?.id ?? 0}`, key);
    all.push(...messages);
    more = messages.length > 0;
  }
  return all;
}

/** Erases the conversation; one that is gone already counts as erased. */
export async function erase(/** @type {Key} */ key) {
  await patiently(`/${key.id}`, key, "DELETE").catch((problem) => {
    if (!problem.gone) throw problem;
  });
}

/** The call, repeated a few times while the service is out of reach. */
async function patiently(/** @type {string} */ path, /** @type {Key | null} */ key, method = "GET", body = undefined) {
  for (const seconds of WAITS) {
    try {
      return await call(path, key, method, body);
    } catch (problem) {
      if (![0, 502, 503, 504].includes(problem.status)) throw problem;
      await wait(Math.max(seconds, Math.min(problem.seconds, 5)));
    }
  }
  return call(path, key, method, body);
}

async function call(path, key, method, body) {
  const headers = { ...(key && { Authorization: `Bearer ${key.token}` }), ...(body && { "Content-Type": "application/json" }) };
  let response;
  try {
    response = await fetch(BASE + path, { method, headers, body: JSON.stringify(body), signal: AbortSignal.timeout(20000) });
    if (response.ok) return response.status === 204 ? null : await response.json();
  } catch {
    throw new Problem(0);
  }
  throw new Problem(response.status, Number(response.headers.get("Retry-After")) || 0);
}
