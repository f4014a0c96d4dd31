/** A way to what came while the reader was further up. */
import { button } from "./dom.js";

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
