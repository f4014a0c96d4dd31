/** The private link: the way back to a conversation from another browser. */
import { SERVICE } from "./place.js";

/** @typedef {import("./shapes.js").Key} Key */

const CHAT_PAGE = new URL("chat", SERVICE).href;
const BACK = /^#back=([\w-]*)\.?([\w-]*)/;

/** @param {Key} key */
export const addressOf = ({ id, token }) => `${CHAT_PAGE}#back=${id}.${token}`;

/** The key that a private link brought to the guide's own page, or null. It is taken out of the address at once: an address is
 * kept in the browser's history and read over shoulders. @returns {Key | null} A link that is not whole opens nothing. */
export function keyInAddress() {
  const [, id, token] = BACK.exec(location.hash) ?? [];
  if (id === undefined || location.origin + location.pathname !== CHAT_PAGE) return null;
  window.history.replaceState(window.history.state, "", location.pathname + location.search);
  return { id, token };
}
