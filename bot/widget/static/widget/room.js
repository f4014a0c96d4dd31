/** Where one reads: what is seen before the first message, the messages, and that an answer is coming. Keeps in sight what is read. */
import { make } from "./dom.js";
import { Log } from "./log.js";
import { Jump, Writing } from "./notices.js";

/** @typedef {import("./words.js").Words} Words */

export class Room {
  /** @param {() => Words} words @param {import("./message.js").Deeds} deeds */
  constructor(words, deeds) {
    this.words = words;
    /** Whether the person waits for a reply: then it comes in sight, wherever they are. */
    this.asked = false;
    this.atEnd = true;
    this.welcome = make("div");
    this.log = new Log(make("div", { class: "log", role: "log" }), () => this.#scroller(), deeds);
    this.writing = new Writing(words);
    this.jump = new Jump(() => this.log.toEnd());
    this.element = make("div", { class: "room", tabindex: 0, role: "region" }, this.welcome, this.log.element, this.writing.element, this.jump.element);
    this.element.addEventListener("scroll", () => this.scrolled());
    // A notice, or a keyboard on the screen, leaves less room: who was at the end stays there.
    new ResizeObserver(() => (this.asked || this.atEnd) && this.log.toEnd()).observe(this.element);
  }

  /** @param {import("./shapes.js").Message[]} messages @param {boolean} quietly @returns {number} How many are new to the reader. */
  show(messages, quietly) {
    const near = this.log.nearEnd;
    const shown = this.log.show(messages, quietly);
    if (!shown.length) return 0;
    if (this.log.waiting.size && quietly) this.log.toEnd();
    else if (near || quietly || this.asked) this.log.read(shown[quietly ? shown.length - 1 : 0]);
    else this.jump.show(this.words().say("jump"));
    if (quietly) return 0;
    this.asked = false;
    return shown.length;
  }

  /** A message is on its way. @param {import("./shapes.js").Outgoing} item */
  expect(item) {
    if (!this.log.expect(item)) return;
    this.asked = true;
    this.jump.hide();
  }

  /** @param {Words} words @param {HTMLElement} welcome */
  speak(words, welcome) {
    for (const each of [this.element, this.log.element]) each.setAttribute("aria-label", words.say("conversation"));
    this.jump.element.textContent = words.say("jump");
    this.log.redraw(words);
    this.welcome.replaceChildren(welcome);
  }

  /** It was scrolled, or what holds it was. */
  scrolled() {
    this.atEnd = this.log.fromEnd < 4;
    if (this.log.nearEnd) this.jump.hide();
  }

  /** With little height all of the chat scrolls, else the messages alone. @returns {HTMLElement} */
  #scroller() {
    return getComputedStyle(this.element).overflowY === "visible" ? /** @type {HTMLElement} */ (this.element.parentElement) : this.element;
  }
}
