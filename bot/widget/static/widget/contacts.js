/** Cards of contact points: phones to press, whether it is open, what is not known. */
import { make } from "./dom.js";
import { openness } from "./hours.js";
import { withNumbers } from "./numbers.js";
import { link } from "./safe-html.js";
import { sourceLine } from "./sources.js";

/** @typedef {import("./words.js").Words} Words */

/**
 * The cards, each contact once in a message.
 * @param {import("./shapes.js").Contact[]} contacts @param {Words} words @param {Set<string>} told Ids of contacts shown before.
 */
export function contactCards(contacts, words, told) {
  const fresh = contacts.filter(({ id }) => !told.has(id) && told.add(id));
  if (!fresh.length) return null;
  const list = make("ul", { class: "contacts" }, ...fresh.map((contact) => card(contact, words)));
  tellOpenness(list, words);
  return list;
}

/** @type {WeakMap<Element, import("./shapes.js").Contact>} */
const shownHours = new WeakMap();

/** Whether each is open just now. @param {Element} around @param {Words} words */
export function tellOpenness(around, words) {
  for (const element of around.querySelectorAll(".now")) {
    const contact = shownHours.get(element);
    const state = contact && openness(contact, new Date(), words);
    element.className = `now ${state?.open ? "open" : "closed"}`;
    element.textContent = state?.line ?? "";
  }
}

/** @param {import("./shapes.js").Contact} contact @param {Words} words */
function nowLine(contact, words) {
  if (!openness(contact, new Date(), words)) return null;
  const element = make("p", { class: "now", dir: "auto" });
  shownHours.set(element, contact);
  return element;
}

/** @param {import("./shapes.js").Contact} contact @param {Words} words */
function card(contact, words) {
  const state = nowLine(contact, words);
  return make("li", { class: "card", "data-contact": contact.id },
    make("strong", { dir: "auto" }, contact.name),
    line(contact.helps_with, "quiet"),
    ...contact.phones.map(({ number, href, label }) =>
      make("p", { class: "phone" }, link(href, make("bdi", { dir: "ltr" }, number)), label && make("bdi", { class: "quiet" }, label))),
    !contact.phones.length && contact.unknown.includes("phone") && line(words.say("no_phone"), "quiet"),
    state,
    ...contact.hours.map((hours) => line(hours)),
    !state && !contact.hours.length && line(words.say("no_hours"), "quiet"),
    contact.email && make("p", {}, link(`mailto:${contact.email}`, make("bdi", { dir: "ltr" }, contact.email))),
    line(contact.address),
    contact.website && make("p", {}, link(contact.website, make("bdi", { dir: "ltr" }, shortened(contact.website)))),
    line(contact.note, "quiet"),
    contact.to_check && line(words.say("to_check"), "check"),
    contact.source && make("p", { class: "small" }, sourceLine(contact.source, words)),
  );
}

const line = (/** @type {string | null} */ text, kind = "") => text && make("p", { class: kind, dir: "auto" }, ...withNumbers(text));

const shortened = (/** @type {string} */ url) => url.replace(/^https?:\/\/(www\.)?|\/$/g, "");
