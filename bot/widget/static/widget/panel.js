/** The panel that the button opens: a window beside the page, or on a small screen all of it. */
import { make } from "./dom.js";
import { dress } from "./load.js";
import { Memory } from "./memory.js";

/** On less than this the panel takes the whole screen, and the page behind it rests. */
const SMALL = "(max-width: 30em), (max-height: 30em)";

export class Panel {
  /** The panel of a button, ready to be opened. @param {import("./button.js").EloButton} button */
  static async of(button) {
    const panel = new Panel(button);
    try {
      await Promise.all([panel.chat.ready, dress(/** @type {ShadowRoot} */ (button.shadowRoot), "panel.css")]);
    } catch (error) {
      panel.element.remove(); // The next press makes another.
      throw error;
    }
    return panel;
  }

  /** @param {import("./button.js").EloButton} button */
  constructor(button) {
    this.button = button;
    this.memory = new Memory();
    this.shut = new AbortController();
    const wishes = ["lang", "data-lang", "municipality", "audience", "theme"].map((name) => [name, button.getAttribute(name)]);
    this.chat = /** @type {import("./element.js").EloChat} */ (/** @type {unknown} */ (make(/** @type {"div"} */ ("elo-chat"), { panel: true, ...Object.fromEntries(wishes) })));
    this.element = make("dialog", { "aria-label": button.words?.say("name") }, this.chat);
    this.chat.addEventListener("elo-close", () => this.element.close());
    this.chat.addEventListener("elo-unread", (event) => this.#count(/** @type {CustomEvent<number>} */ (event).detail));
    this.chat.addEventListener("elo-language", (event) => this.#speak(/** @type {CustomEvent<{language: string}>} */ (event).detail.language));
    this.element.addEventListener("close", () => this.#closed());
    this.element.addEventListener("keydown", (event) => this.#key(event));
    button.frame.prepend(this.element);
  }

  /** @param {boolean} asked Whether the person asked for it just now, and not the page before. */
  async toggle(asked) {
    if (this.element.open) return this.element.close();
    this.memory.set("open", true);
    this.#fit();
    if (matchMedia(SMALL).matches) this.element.showModal();
    else this.element.open = true; // show() would take the focus from a page that was only reloaded.
    this.button.button.setAttribute("aria-expanded", "true");
    this.button.say("close");
    const chat = await this.chat.ready;
    if (asked) chat.focus();
  }

  #closed() {
    this.memory.set("open", null);
    this.shut.abort();
    this.button.button.setAttribute("aria-expanded", "false");
    this.button.say("open");
    this.button.button.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    event.stopPropagation();
    event.preventDefault();
    this.element.close();
  }

  /** @param {string} language */
  async #speak(language) {
    const { button } = this;
    if (button.words?.tag === language) return;
    await button.speak(language).catch(() => {}); // The chat speaks it all the same.
    this.element.setAttribute("aria-label", button.words?.say("name") ?? "");
    if (this.element.open) button.say("close");
  }

  /** @param {number} unread */
  #count(unread) {
    this.button.badge.textContent = unread ? (this.button.words?.count("unread", unread) ?? "") : "";
  }

  /** A keyboard on the screen takes its part of it: what is left is the panel's. */
  #fit() {
    const seen = window.visualViewport;
    if (!seen) return;
    this.shut = new AbortController();
    const fit = () => {
      this.element.style.setProperty("--height", `${seen.height}px`);
      this.element.style.setProperty("--top", `${seen.offsetTop}px`);
    };
    for (const kind of ["resize", "scroll"]) seen.addEventListener(kind, fit, { signal: this.shut.signal });
    fit();
  }
}
