/** The calls of the HTTP API, version 1. Each either gives what the service said or throws a `Problem`. */
import { SERVICE } from "./place.js";

/** @typedef {import("./shapes.js").Key} Key */
/** @typedef {import("./shapes.js").Message} Message */

const BASE = new URL("api/v1/conversations", SERVICE).href;
const GIVE_UP_MS = 20000;
const AWAY = [0, 502, 503, 504];

/** An error: the service's status, or 0 when it could not be reached; its sentence; how many seconds to wait. */
export class Problem extends Error {
  constructor(/** @type {number} */ status, detail = "", seconds = 0) {
    super(detail || `status ${status}`);
    this.status = status;
    this.seconds = seconds;
  }

  /** The conversation is not there any more, or not for this token. */
  get gone() {
    return [401, 403, 404].includes(this.status);
  }

  /** It will go by itself: try again. */
  get passing() {
    return AWAY.includes(this.status) || this.status === 429;
  }
}

/** @param {unknown} error @returns {Problem} */
export const asProblem = (error) => (error instanceof Problem ? error : new Problem(0, String(error)));

/** @param {import("./shapes.js").Wishes} wishes @returns {Promise<Key & {messages: Message[]}>} */
export const begin = (wishes) => call("", null, "POST", wishes);

/** A message. A repeated `client_id` never causes a second turn, so it may be sent again when in doubt.
 * @param {Key} key @param {import("./shapes.js").Sent} body @returns {Promise<{received: Message, messages: Message[]}>} */
export const send = (key, body) => call(`/${key.id}/messages`, key, "POST", body);

/** Every message with an id above `after`, oldest first. @param {Key} key @param {number} after */
export async function history(key, after = 0) {
  const all = /** @type {Message[]} */ ([]);
  for (let more = true; more; ) {
    /** @type {{messages: Message[]}} */
    const { messages } = await call(`/${key.id}/messages?after=${all.at(-1)?.id ?? after}`, key);
    all.push(...messages);
    more = messages.length > 0;
  }
  return all;
}

/** Erases the conversation; one that is gone already counts as erased. @param {Key} key */
export async function erase(key) {
  await call(`/${key.id}`, key, "DELETE").catch((problem) => {
    if (!problem.gone) throw problem;
  });
}

/** How the last case of the conversation stands. @param {Key} key @returns {Promise<{case: import("./shapes.js").Case | null}>} */
export const caseOf = (key) => call(`/${key.id}/case`, key);

/** Ends the open case; without one nothing happens. @param {Key} key */
export const withdraw = (key) => call(`/${key.id}/case/withdraw`, key, "POST");

/** A further token of the conversation. @param {Key} key @returns {Promise<Key>} */
export const furtherKey = (key) => call(`/${key.id}/link`, key, "POST");

/** A link that continues the conversation in Telegram. @param {Key} key @returns {Promise<{url: string}>} */
export const telegramLink = (key) => call(`/${key.id}/telegram`, key, "POST");

/** @param {Key} key @param {number} last Id of the last event seen. @param {AbortSignal} signal */
export const openStream = (key, last, signal) =>
  fetch(`${BASE}/${key.id}/events`, { headers: { ...bearer(key), "Last-Event-ID": String(last) }, credentials: "omit", signal });

const bearer = (/** @type {Key} */ { token }) => ({ Authorization: `Bearer ${token}` });

/** @param {string} path @param {Key | null} key @param {string} method @param {object} [body] @returns {Promise<any>} */
async function call(path, key, method = "GET", body = undefined) {
  const headers = { ...(key && bearer(key)), ...(body && { "Content-Type": "application/json" }) };
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), GIVE_UP_MS);
  try {
    const response = await fetch(BASE + path, { method, headers, body: JSON.stringify(body), credentials: "omit", signal: giveUp.signal });
    if (!response.ok) throw await problemOf(response);
    return response.status === 204 ? null : await response.json();
  } catch (error) {
    throw asProblem(error);
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Response} response */
export async function problemOf(response) {
  const { detail = "" } = await response.json().catch(() => ({}));
  return new Problem(response.status, detail, Number(response.headers.get("Retry-After")) || 0);
}
