/** Where the widget comes from, and what the page that carries it says about itself. */
import { firstKnown } from "./languages.js";

/** The address of the service. This file is at widget/<fingerprint>/place.js. */
export const SERVICE = new URL("../../", import.meta.url);

const scripts = /** @type {NodeListOf<HTMLScriptElement>} */ (document.querySelectorAll("script[type=module][src]"));
const tag = [...scripts].find(({ src }) => src.split(/[?#]/)[0] === new URL("widget.js", SERVICE).href);

/** What the script's tag says: the attributes data-municipality, data-lang, data-audience, data-theme, data-side. */
const said = /** @type {Record<string, string | undefined>} */ ({ ...tag?.dataset });

/** A wish of the page: the element's own attribute, else that of the script's tag. Easy Finnish is no language of HTML, and
 * stands in `data-lang` on an element, too. */
export const wishOf = (/** @type {HTMLElement} */ element, /** @type {string} */ name) =>
  element.getAttribute(name) || element.dataset[name] || said[name] || null;

/** The language to speak: the one that the person chose, else the page's wish, or without one the page's or the browser's. */
export function languageFor(/** @type {HTMLElement} */ element, /** @type {string | null} */ chosen) {
  const wish = wishOf(element, "lang");
  return firstKnown([chosen, ...(wish ? [wish] : [document.documentElement.lang, ...navigator.languages])]);
}
