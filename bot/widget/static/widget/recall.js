/** Reads what the browser remembers of the widget: what the tab does, or what the device does since the person agreed. */

export const PREFIX = "elo-guide:";

/** A store of the browser. Reading the property alone throws where a page may keep nothing.
 * @param {"localStorage" | "sessionStorage"} kind */
export function storeOf(kind) {
  try {
    return window[kind];
  } catch {
    return null;
  }
}

/** @param {Storage | null} from @param {string} name @returns {any} */
export function readFrom(from, name) {
  try {
    return JSON.parse(from?.getItem(PREFIX + name) ?? "null");
  } catch {
    return null;
  }
}

/** What either store has under the name, or null. @param {string} name */
export const recall = (name) => readFrom(storeOf("localStorage"), name) ?? readFrom(storeOf("sessionStorage"), name);
