/**
 * Builds the elements of an answer's HTML one by one. The service has cleaned it already; here nothing but the few elements
 * that answers are made of can come to be, whatever stands in the text, and no page's Trusted Types are in the way.
 */
import { make } from "./dom.js";
import { withNumbers } from "./numbers.js";
import { SERVICE } from "./place.js";

const ELEMENTS = new Set(["p", "ol", "ul", "li", "strong", "em", "a", "br"]);
const ENTITIES = new Map([["amp", "&"], ["lt", "<"], ["gt", ">"], ["quot", '"'], ["apos", "'"], ["nbsp", "\u00a0"]]);
const PIECE = /<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|'[^']*'|[^'">])*)>|([^<]+|<)/gi;

/** @param {string} html @param {Record<string, unknown>} attributes Of the element around it. */
export function fromHtml(html, attributes) {
  const top = make("div", attributes);
  /** @type {HTMLElement[]} */
  const open = [top];
  for (const [, closing, tag, rest, text] of html.matchAll(PIECE)) {
    const name = tag?.toLowerCase();
    const inner = open[open.length - 1];
    if (text !== undefined) inner.append(...withNumbers(decoded(text)));
    else if (!ELEMENTS.has(name)) continue;
    else if (closing) close(open, name);
    else {
      const element = opened(name, rest);
      inner.append(element);
      if (name !== "br") open.push(element);
    }
  }
  return top;
}

/** @param {HTMLElement[]} open @param {string} name */
function close(open, name) {
  for (let at = open.length - 1; at > 0; at--) {
    if (open[at].localName === name) {
      open.length = at;
      return;
    }
  }
}

/** @param {string} name @param {string} rest What stands after the name in the tag. */
function opened(name, rest) {
  const value = (/** @type {string} */ attribute) => decoded(new RegExp(`\\s${attribute}\\s*=\\s*"([^"]*)"`, "i").exec(rest)?.[1] ?? "");
  if (name === "a") return link(value("href").replace(/^\/(?!\/)/, SERVICE.href)); // the service's own pages, such as /privacy
  return make(/** @type {"p"} */ (name), name === "ol" ? { start: Number.parseInt(value("start"), 10) || null } : {});
}

const decoded = (/** @type {string} */ text) =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, decimal, hex, name) =>
    name ? (ENTITIES.get(name.toLowerCase()) ?? whole) : character(Number.parseInt(decimal ?? hex, decimal ? 10 : 16)));

const character = (/** @type {number} */ code) => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "");

/**
 * A link where the address is one to follow, else its words.
 * @param {string | null} url @param {...import("./dom.js").Child} words
 */
export function link(url, ...words) {
  if (!url || !/^(https?:\/\/|tel:|mailto:)/i.test(url)) return make("bdi", {}, ...words);
  return make("a", { href: url, dir: "auto", ...(/^http/i.test(url) && APART) }, ...words);
}

/** How a link opens a page apart, so that the conversation stays. */
export const APART = { target: "_blank", rel: "noopener noreferrer" };

/** Says to those who do not see it that a page opens apart. @param {import("./words.js").Words} words */
export const newTab = (words) => make("span", { class: "unseen" }, ` (${words.say("new_tab")})`);
