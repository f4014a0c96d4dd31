/** What is told beside the messages: one line above the box, that an answer is coming, that there is news further down. */
import { button, make } from "./dom.js";

export class Notices {
  constructor() {
    this.text = make("p");
    this.deeds = make("div", { class: "notice-buttons" });
    this.element = make("div", { class: "notice", role: "status" }, this.text, this.deeds);
    /** Whether it is about the connection: then it stays until that changes. */
    this.stays = false;
    this.hide();
  }

  /** @param {string} text @param {[string, () => void][]} deeds Words and deeds of its buttons. @param {boolean} stays */
  show(text, deeds = [], stays = false) {
    this.stays = stays;
    if (this.text.textContent !== text) this.text.textContent = text;
    this.deeds.replaceChildren(...deeds.map(([words, deed]) => button({ class: "choice" }, deed, words)));
    this.element.removeAttribute("data-empty");
  }

  hide() {
    this.stays = false;
    this.text.textContent = "";
    this.deeds.replaceChildren();
    this.element.setAttribute("data-empty", "");
  }

  /** The person goes on: what was told before goes. */
  pass() {
    if (!this.stays) this.hide();
  }
}

const AFTER_MS = 300;

/** Says that the answer is coming, once that takes a moment. */
export class Writing {
  /** @param {() => import("./words.js").Words} words */
  constructor(words) {
    this.words = words;
    this.element = make("p", { class: "writing", role: "status" });
    this.timer = 0;
  }

  /** @param {boolean} yes */
  show(yes) {
    if (!yes) return this.hide();
    if (this.timer) return;
    this.timer = window.setTimeout(() => {
      this.element.textContent = this.words().say("writing");
    }, AFTER_MS);
  }

  hide() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.element.textContent = "";
  }
}

/** A way to what came while the reader was further up. */
export class Jump {
  /** @param {() => void} toEnd */
  constructor(toEnd) {
    this.element = button({ class: "jump", hidden: true }, () => {
      toEnd();
      this.hide();
    });
  }

  /** @param {string} words */
  show(words) {
    this.element.textContent = words;
    this.element.hidden = false;
  }

  hide() {
    this.element.hidden = true;
  }
}
