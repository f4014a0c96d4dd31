/** The button on a page, `<elo-button>`. With what it needs it is all that a visitor loads who never asks anything. */
import { loadChat } from "./chat-script.js";
import { BUBBLE, icon } from "./icon.js";
import { dress, loadWords } from "./load.js";
import { languageFor, wishOf } from "./place.js";
import { recall } from "./recall.js";
import { applyTheme } from "./theme.js";

export class EloButton extends HTMLElement {
  frame = document.createElement("div");
  button = document.createElement("button");
  label = document.createElement("span");
  badge = document.createElement("span");
  /** @type {import("./words.js").Words | null} */
  words = null;
  /** @type {Promise<import("./panel.js").Panel> | null} */
  panel = null;

  connectedCallback() {
    if (!this.shadowRoot) this.set().catch(({ message }) => console.warn(`ELO Guide: ${message}`));
  }

  /** Put it together, and show it once it is dressed. */
  async set() {
    const root = this.attachShadow({ mode: "open" });
    const { frame, button, label, badge } = this;
    frame.className = "elo";
    frame.setAttribute("role", "region");
    frame.dataset.side = wishOf(this, "side") ?? "end";
    button.type = "button";
    button.setAttribute("aria-haspopup", "dialog");
    button.setAttribute("aria-expanded", "false");
    badge.className = "badge";
    button.append(icon(BUBBLE), label, badge);
    frame.append(button);
    button.addEventListener("click", () => this.toggle());
    await Promise.all([this.speak(languageFor(this, recall("language"))), dress(root, "button.css")]);
    root.append(frame);
    applyTheme(frame, "light");
    if (recall("open")) this.toggle(false);
  }

  /** Open the panel or close it. @param {boolean} [asked] Whether the person asked for it just now. */
  async toggle(asked = true) {
    this.button.setAttribute("aria-busy", "true");
    try {
      this.panel ??= loadChat().then(({ Panel }) => Panel.of(this));
      (await this.panel).toggle(asked);
    } catch {
      this.panel = null;
      this.say("failed");
    }
    this.button.removeAttribute("aria-busy");
  }

  /** @param {string} language */
  async speak(language) {
    this.words = await loadWords("button", language);
    this.frame.lang = this.words.tag;
    this.frame.dir = this.words.dir;
    this.frame.setAttribute("aria-label", this.words.say("name"));
    this.say("open");
  }

  /** @param {string} name A line of the catalogue. */
  say(name) {
    this.label.textContent = this.words?.say(name) ?? "";
  }
}
