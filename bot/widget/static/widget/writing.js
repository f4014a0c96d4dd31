/** Says that the answer is coming, once that takes a moment. */
import { make } from "./dom.js";

const AFTER_MS = 300;

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
