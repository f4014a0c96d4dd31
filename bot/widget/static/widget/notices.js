/** One line above the box: the connection, and what a screen reader is told without a place in the log. */
import { button, make } from "./dom.js";

export class Notices {
  constructor() {
    this.text = make("p");
    this.deeds = make("div", { class: "notice-buttons" });
    this.element = make("div", { class: "notice", role: "status" }, this.text, this.deeds);
    this.hide();
  }

  /** @param {string} text @param {[string, () => void][]} deeds Words and deeds of its buttons. */
  show(text, deeds = []) {
    if (this.text.textContent !== text) this.text.textContent = text;
    this.deeds.replaceChildren(...deeds.map(([words, deed]) => button({ class: "choice" }, deed, words)));
    this.element.removeAttribute("data-empty");
  }

  hide() {
    this.text.textContent = "";
    this.deeds.replaceChildren();
    this.element.setAttribute("data-empty", "");
  }

  get shown() {
    return !this.element.hasAttribute("data-empty");
  }
}
