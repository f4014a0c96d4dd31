/** The messages as they are read: each once, in their order, and those on their way last. */
import { tellOpenness } from "./contacts.js";
import { button, make } from "./dom.js";
import { messageElement, newcomerElement } from "./message.js";

/**
 * @typedef {import("./shapes.js").Message} Message
 * @typedef {import("./shapes.js").Outgoing} Outgoing
 * @typedef {import("./words.js").Words} Words
 */

/** So near to the end counts as reading the newest. */
const NEAR_PX = 120;
const MARGIN_PX = 12;

export class Log {
  /** @param {HTMLElement} element @param {() => HTMLElement} scroller What scrolls it. @param {import("./message.js").Deeds} deeds */
  constructor(element, scroller, deeds) {
    this.element = element;
    this.scroller = scroller;
    this.deeds = deeds;
    /** @type {Words | null} */
    this.words = null;
    /** @type {Promise<unknown>} Until what was shown quietly is over. */
    this.loud = Promise.resolve();
    /** @type {Map<number, Message>} */
    this.messages = new Map();
    /** @type {Map<string, HTMLElement>} Elements of messages on their way, by client id. */
    this.waiting = new Map();
  }

  get empty() {
    return this.element.childElementCount === 0;
  }

  /** All messages in their order. */
  get all() {
    return [...this.messages.values()].sort((one, other) => one.id - other.id);
  }

  /** @param {Message[]} messages @param {boolean} quietly Not read aloud: they were there before.
   * @returns {HTMLElement[]} The elements that are new, save those of the newcomer's own words. */
  show(messages, quietly) {
    if (quietly) this.#quietly();
    return messages.flatMap((message) => this.#show(message) ?? []);
  }

  /** @param {Message} message */
  #show(message) {
    if (this.messages.has(message.id)) return null;
    this.messages.set(message.id, message);
    const mine = this.waiting.get(message.client_id ?? "");
    if (mine) {
      this.waiting.delete(message.client_id ?? "");
      mine.dataset.id = String(message.id);
      mine.removeAttribute("data-waiting");
      mine.querySelector(".stuck")?.remove();
      return null;
    }
    const element = messageElement(message, this.#words, this.deeds);
    element.dataset.id = String(message.id);
    this.element.insertBefore(element, this.#after(message.id));
    return message.sender === "newcomer" ? null : element;
  }

  /** A message on its way. @param {Outgoing} item @returns {boolean} Whether it was not known before. */
  expect({ words, body }) {
    if (this.waiting.has(body.client_id) || [...this.messages.values()].some((each) => each.client_id === body.client_id)) return false;
    const element = newcomerElement(words, this.#words);
    element.dataset.waiting = "yes";
    this.waiting.set(body.client_id, element);
    this.element.append(element);
    this.toEnd();
    return true;
  }

  /** @param {Outgoing} item */
  forget({ body }) {
    this.waiting.get(body.client_id)?.remove();
    this.waiting.delete(body.client_id);
  }

  /** The message was not taken: the person decides. @param {Outgoing} item @param {string} why @param {() => void} again @param {() => void} drop */
  stuck({ body }, why, again, drop) {
    const element = this.waiting.get(body.client_id);
    if (!element) return;
    element.querySelector(".stuck")?.remove();
    element.append(make("div", { class: "stuck" }, make("p", {}, why),
      button({ class: "choice" }, again, this.#words.say("again")), button({ class: "choice" }, drop, this.#words.say("remove"))));
    this.toEnd();
  }

  /** Everything away, save what is on its way. */
  clear() {
    this.messages.clear();
    for (const element of [...this.element.children]) if (!element.hasAttribute("data-waiting")) element.remove();
  }

  /** Time has passed: offices opened and closed. */
  lookAtClock() {
    this.#quietly();
    tellOpenness(this.element, this.#words);
  }

  /** In other words, at the same place. @param {Words} words */
  redraw(words) {
    this.words = words;
    this.#quietly();
    const { scrollTop } = this.scroller();
    for (const message of this.all) {
      const element = messageElement(message, words, this.deeds);
      element.dataset.id = String(message.id);
      this.element.querySelector(`[data-id="${message.id}"]`)?.replaceWith(element);
    }
    for (const element of this.waiting.values()) element.querySelector("h3")?.replaceChildren(words.say("you"));
    this.scroller().scrollTop = scrollTop;
  }

  /** How many pixels there are below what is seen. */
  get fromEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller();
    return scrollHeight - scrollTop - clientHeight;
  }

  get nearEnd() {
    return this.fromEnd < NEAR_PX;
  }

  toEnd() {
    const scroller = this.scroller();
    scroller.scrollTop = scroller.scrollHeight;
  }

  /** Bring the element in sight from its beginning, with the short question before it. @param {HTMLElement} element */
  read(element) {
    const before = element.previousElementSibling;
    const withQuestion = before instanceof HTMLElement && before.dataset.sender === "newcomer" && before.offsetHeight * 3 < this.scroller().clientHeight;
    const scroller = this.scroller();
    const top = (withQuestion ? before : element).getBoundingClientRect().top;
    scroller.scrollTop += top - scroller.getBoundingClientRect().top - MARGIN_PX;
  }

  /** The element before which a message of this id stands: the next message, or the first on its way. @param {number} id */
  #after(id) {
    let place = null;
    for (let at = this.element.lastElementChild; at instanceof HTMLElement; at = at.previousElementSibling) {
      if (at.dataset.id && Number(at.dataset.id) < id) break;
      place = at;
    }
    return place;
  }

  /** A screen reader does not read what comes until the browser has drawn it. */
  #quietly() {
    this.element.setAttribute("aria-live", "off");
    const loud = new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    this.loud = loud;
    loud.then(() => this.loud === loud && this.element.removeAttribute("aria-live"));
  }

  get #words() {
    return /** @type {Words} */ (this.words);
  }
}
