/** Makes the elements of one message. Words of newcomers are only ever set as text. */
import { WORDS, say, sayDate } from "./texts.js";

/**
 * The shapes of bot/messages.py.
 * @typedef {{url: string | null, title: string, checked_on: string, page_date: string | null}} Source
 * @typedef {{id: string, name: string, helps_with: string, phones: {number: string, href: string, label: string | null}[],
 *   email: string | null, address: string | null, website: string | null, hours: string[], open_now: boolean | null,
 *   opens_next: string | null, unknown: string[], note: string | null, to_check: boolean, source: Source | null}} Contact
 * @typedef {{title: string, html: string, links: {url: string, title: string}[], contacts: Contact[], sources: Source[],
 *   reviewed: boolean, language: string, fallback_from: string | null}} Answer
 * @typedef {{id: number, sender: "newcomer" | "bot" | "expert" | "system", kind: string, status: string | null, text: string,
 *   html: string, language: string, dir: string, answer: Answer | null, alternatives: {id: string, title: string}[],
 *   buttons: {title: string, payload: string}[], client_id: string | null,
 *   expert: {recommended: boolean, reason: string | null, contacts: Contact[]} | null}} Message
 * @typedef {Node | string | null | false | undefined} Child
 */

/** An element. Attributes that are empty are left out. @param {Record<string, unknown>} [attributes] @param {...Child} children */
export function make(/** @type {string} */ tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value) element.setAttribute(name, String(value));
  element.append(...children.filter((child) => child || child === 0));
  return element;
}

/** A button that calls `press`. */
export function button(/** @type {string} */ words, /** @type {() => void} */ press) {
  const element = make("button", { type: "button", dir: "auto" }, words);
  element.addEventListener("click", press);
  return element;
}

/** What the newcomer wrote. */
export function newcomerElement(/** @type {string} */ text, /** @type {string} */ language) {
  return make("article", { "data-sender": "newcomer" },
    make("span", { class: "unseen" }, `${say(language, "you")}: `), make("p", { class: "said", dir: "auto" }, text));
}

/**
 * A message from the service: its words in its own language, what stands around them in the language asked in.
 * @param {Message} message
 * @param {string} pageLanguage
 * @param {(payload: string, title: string) => void} press
 */
export function messageElement(message, pageLanguage, press) {
  const { answer, expert } = message;
  const asked = answer?.fallback_from ?? message.language;
  const language = asked in WORDS ? asked : pageLanguage;
  const word = (/** @type {string} */ name, values = {}) => say(language, name, values);
  const own = { lang: message.language, dir: message.dir };
  const told = new Set();

  const lead = answer && message.html.endsWith(answer.html) ? message.html.slice(0, -answer.html.length) : "";
  const body = html(lead ? answer.html : message.html, { class: "body", ...own });

  const offered = expert?.recommended ? cards(expert.contacts) : null;
  const listed = message.kind === "offer" && offered && body.querySelector("ul");
  if (listed) listed.replaceWith(offered);
  const reason = expert?.reason ?? "";
  const also = cards(answer?.contacts ?? []);

  const payloads = new Set(message.buttons.map((each) => each.payload));
  const choices = message.alternatives
    .map(({ id, title }) => ({ title, payload: `/choose{"answer":"${id}"}` }))
    .filter(({ payload }) => !payloads.has(payload));
  const buttons = [...choices, ...message.buttons].map(({ title, payload }) => button(title, () => press(payload, title)));

  const element = make("article",
    { "data-sender": message.sender, "data-kind": message.kind, "data-status": message.status, lang: language, dir: language === "ar" ? "rtl" : "ltr" },
    make("span", { class: message.sender === "bot" ? "unseen" : "sender" }, word(message.sender === "bot" ? "name" : message.sender), ": "),
    lead && html(lead, { class: "lead", dir: "auto" }),
    answer && make("h2", own, answer.title),
    body,
    answer && !answer.reviewed && make("p", { class: "draft" }, word("draft")),
    message.kind === "choice" && rows("buttons", buttons),
    !listed && offered && section(["own_case", "expert_topic", "unknown"].includes(reason) ? word(reason) : "", offered),
    also && section(word("contacts"), also),
    answer && pages(answer),
    message.kind !== "choice" && rows("buttons", buttons),
  );
  for (const anchor of element.querySelectorAll("a[href^=http]")) opensApart(anchor);
  return element;

  /** @param {Contact[]} contacts */
  function cards(contacts) {
    return rows("contacts", contacts.filter(({ id }) => !told.has(id) && told.add(id)).map(card));
  }

  /** @param {Contact} contact */
  function card(contact) {
    const opens = contact.opens_next ? word("opens", { when: contact.opens_next }) : word("closed");
    const known = contact.open_now !== null;
    return make("div", { class: "card", "data-contact": contact.id },
      make("strong", { dir: "auto" }, contact.name),
      line(contact.helps_with, "quiet"),
      ...contact.phones.map(({ number, href, label }) =>
        make("p", { class: "phones" }, link(href, make("bdi", { dir: "ltr" }, number)), label && make("bdi", { class: "quiet" }, label))),
      !contact.phones.length && contact.unknown.includes("phone") && line(word("noPhone")),
      known && line(contact.open_now ? word("open") : opens, contact.open_now ? "open" : "closed"),
      ...contact.hours.map((hours) => line(hours)),
      !known && !contact.hours.length && line(word("noHours"), "quiet"),
      contact.email && make("p", {}, link(`mailto:${contact.email}`, contact.email)),
      line(contact.address),
      contact.website && make("p", {}, link(contact.website, contact.website.replace(/^https?:\/\/(www\.)?|\/$/g, ""))),
      line(contact.note, "quiet"),
      contact.to_check && line(word("toCheck"), "check"),
      contact.source && make("p", { class: "quiet small" }, source(contact.source)),
    );
  }

  /** Sources with their dates, then the links that are not sources; a link's title goes before the source's own. */
  function pages(/** @type {Answer} */ { sources, links }) {
    const named = new Map(links.map(({ url, title }) => [url, title]));
    const from = sources.map((each) => make("li", {}, source({ ...each, title: named.get(each.url ?? "") ?? each.title })));
    const read = new Set(sources.map(({ url }) => url));
    const further = links.filter(({ url }) => !read.has(url)).map(({ url, title }) => make("li", {}, link(url, title)));
    return make("footer", {},
      further.length > 0 && section(word("links"), make("ul", { class: "links" }, ...further)),
      from.length > 0 && section(word("sources"), make("ul", { class: "sources" }, ...from)));
  }

  function source(/** @type {Source} */ { url, title, checked_on, page_date }) {
    const checked = make("time", { datetime: checked_on }, word("checked", { date: sayDate(language, checked_on) }));
    const page = page_date && (page_date.startsWith("undated") ? word("undated") : word("pageDate", { date: sayDate(language, page_date) }));
    return make("span", {}, url ? link(url, title) : make("bdi", {}, title), make("span", { class: "dates" }, checked, page && ` · ${page}`));
  }

  function opensApart(/** @type {Element} */ anchor) {
    anchor.setAttribute("target", "_blank");
    anchor.setAttribute("rel", "noopener noreferrer");
    anchor.append(make("span", { class: "unseen" }, ` (${word("newTab")})`));
  }
}

const line = (/** @type {string | null} */ text, kind = "") => text && make("p", { class: kind, dir: "auto" }, text);

const section = (/** @type {string} */ title, /** @type {Node} */ content) =>
  make("section", {}, title && make("h3", {}, title), content);

/** @param {Node[]} children */
const rows = (/** @type {string} */ kind, children) => (children.length ? make("div", { class: kind }, ...children) : null);

/** The server's safe HTML. */
function html(/** @type {string} */ markup, attributes) {
  const element = make("div", attributes);
  element.innerHTML = markup;
  return element;
}

/** A link, where the address is one to follow; else its words. @param {Child} words */
function link(/** @type {string} */ url, words) {
  return /^(https?|tel|mailto):/.test(url) ? make("a", { href: url, dir: "auto" }, words) : make("bdi", {}, words);
}
