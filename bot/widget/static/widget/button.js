/** The button on a page, `<elo-button>`, and the panel that it opens. All that a visitor loads who never asks anything. */
import { dress } from "./dress.js";
import { Memory } from "./memory.js";
import { languageFor, wishOf } from "./place.js";
import { loadWords } from "./words.js";

/** On less than this the panel takes the whole screen, and the page behind it rests. */
const SMALL = "(max-width: 30em), (max-height: 30em)";
const BUBBLE = "M7 3h10a5 5 0 0 1 5 5v5a5 5 0 0 1-5 5h-4l-6 4v-4a5 5 0 0 1-5-5V8a5 5 0 0 1 5-5zM8 10.500h.01M12 10.500h.01M16 10.500h.01";

export class EloButton extends HTMLElement {
  #memory = new Memory();
  /** @type {import("./words.js").Words | null} */
  #words = null;
  #button = document.createElement("button");
  #label = document.createElement("span");
  #badge = document.createElement("span");
  #panel = document.createElement("dialog");
  /** @type {import("./element.js").EloChat | null} */
  #chat = null;

  connectedCallback() {
    if (!this.shadowRoot) this.#set();
  }

  async #set() {
    const root = this.attachShadow({ mode: "open" });
    const frame = document.createElement("div");
    frame.className = "elo";
    frame.setAttribute("role", "region");
    frame.dataset.side = wishOf(this, "side") ?? "end";
    frame.dataset.scheme = wishOf(this, "theme") ?? "auto";
    this.#button.type = "button";
    this.#button.setAttribute("aria-haspopup", "dialog");
    this.#badge.className = "badge";
    this.#button.append(drawing(), this.#label, this.#badge);
    frame.append(this.#panel, this.#button);
    this.#button.addEventListener("click", () => (this.#panel.open ? this.close() : this.open()));
    this.#panel.addEventListener("close", () => this.#closed());
    this.#panel.addEventListener("keydown", (event) => this.#key(event));
    await Promise.all([this.#speak(languageFor(this, this.#memory.get("language"))), dress(root, "button.css")]);
    root.append(frame);
    if (this.#memory.get("open")) this.open(false);
  }

  /** Open the panel. @param {boolean} [focus] Whether the person asked for it just now. */
  async open(focus = true) {
    if (this.#panel.open) return;
    this.#button.setAttribute("aria-busy", "true");
    this.#chat ??= this.#make();
    try {
      const chat = await this.#chat.ready;
      this.#memory.set("open", true);
      if (matchMedia(SMALL).matches) this.#panel.showModal();
      else this.#panel.open = true; // show() would take the focus from a page that was only reloaded
      this.#button.setAttribute("aria-expanded", "true");
      this.#say("close");
      if (focus) chat.focus();
    } catch {
      this.#chat.remove();
      this.#chat = null;
      this.#say("failed");
    } finally {
      this.#button.removeAttribute("aria-busy");
    }
  }

  close() {
    this.#panel.close();
  }

  #make() {
    const chat = /** @type {import("./element.js").EloChat} */ (document.createElement("elo-chat"));
    chat.setAttribute("panel", "");
    for (const name of ["lang", "municipality", "audience", "theme"]) {
      const wish = this.getAttribute(name);
      if (wish) chat.setAttribute(name, wish);
    }
    chat.addEventListener("elo-close", () => this.close());
    chat.addEventListener("elo-unread", (event) => this.#count(/** @type {CustomEvent<number>} */ (event).detail));
    chat.addEventListener("elo-language", (event) => this.#speak(/** @type {CustomEvent<{language: string}>} */ (event).detail.language));
    this.#panel.append(chat);
    return chat;
  }

  #closed() {
    this.#memory.set("open", null);
    this.#button.setAttribute("aria-expanded", "false");
    this.#say("open");
    this.#button.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.stopPropagation();
    event.preventDefault();
    this.close();
  }

  /** @param {string} language */
  async #speak(language) {
    if (this.#words?.language === language) return;
    this.#words = await loadWords("button", language);
    const frame = /** @type {HTMLElement} */ (this.#panel.parentElement);
    frame.lang = language;
    frame.dir = this.#words.dir;
    frame.setAttribute("aria-label", this.#words.say("name"));
    this.#panel.setAttribute("aria-label", this.#words.say("name"));
    this.#say(this.#panel.open ? "close" : "open");
  }

  /** @param {string} name */
  #say(name) {
    this.#label.textContent = this.#words?.say(name) ?? "";
  }

  /** @param {number} unread */
  #count(unread) {
    this.#badge.textContent = unread ? (this.#words?.count("unread", unread) ?? "") : "";
  }
}

function drawing() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", BUBBLE);
  svg.append(path);
  return svg;
}
