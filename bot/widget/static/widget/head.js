/** The head of the chat: its name, the language, the menu, and the way out. */
import { button, icon, make } from "./dom.js";
import { LANGUAGES, directionOf, ownName } from "./languages.js";
import { menu } from "./menu.js";

/** @typedef {import("./words.js").Words} Words */

const BUBBLE = "M7 3h10a5 5 0 0 1 5 5v5a5 5 0 0 1-5 5h-4l-6 4v-4a5 5 0 0 1-5-5V8a5 5 0 0 1 5-5zM8 10.500h.01M12 10.500h.01M16 10.500h.01";
const GLOBE = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3.500 6 3.500 9s-.5 6-3.500 9c-3-3-3.500-6-3.500-9s.5-6 3.500-9z";
const DOTS = "M12 5h.01M12 12h.01M12 19h.01";
const CROSS = "M6 6l12 12M18 6L6 18";

/** @typedef {"about" | "start_over" | "download" | "erase"} Deed */

export class Head {
  /**
   * @param {object} wishes
   * @param {boolean} wishes.full A page of its own: its title is the page's.
   * @param {boolean} wishes.closable
   * @param {(language: string) => void} wishes.speak
   * @param {(deed: Deed) => void} wishes.act
   * @param {() => void} wishes.close
   */
  constructor({ full, closable, speak, act, close }) {
    this.name = make("span");
    this.place = make("small");
    this.title = make(full ? "h1" : "h2", { class: "title", id: "title", tabindex: -1 }, icon(BUBBLE), make("span", {}, this.name, this.place));
    this.languages = LANGUAGES.map((each) => button({ lang: each, dir: directionOf(each) }, () => speak(each), ownName(each)));
    this.language = make("span", { class: "language-now" });
    this.languageWord = make("span", { class: "unseen" });
    this.languageMenu = menu({ id: "languages" }, [icon(GLOBE), this.languageWord, this.language], this.languages);
    const deeds = /** @type {Deed[]} */ (["about", "start_over", "download", "erase"]);
    this.deeds = deeds.map((deed) => button({ "data-do": deed, class: deed === "erase" && "danger" }, () => act(deed)));
    this.menuWord = make("span", { class: "unseen" });
    this.menu = menu({ id: "menu" }, [icon(DOTS), this.menuWord], this.deeds);
    this.close = button({ class: "close" }, close, icon(CROSS));
    this.element = make("header", { class: "head" }, this.title, this.languageMenu, this.menu, closable && this.close);
  }

  /** @param {Words} words */
  speak(words) {
    this.name.textContent = words.say("name");
    this.place.textContent = words.say("place");
    this.languageWord.textContent = `${words.say("language")}: `;
    this.language.textContent = ownName(words.language);
    this.menuWord.textContent = words.say("menu");
    this.close.setAttribute("aria-label", words.say("close"));
    for (const each of this.languages) each.setAttribute("aria-current", String(each.lang === words.language));
    for (const each of this.deeds) each.textContent = words.say(each.dataset.do ?? "");
  }

  /** What can be done just now. @param {boolean} begun @param {boolean} erasable */
  allow(begun, erasable) {
    for (const each of this.deeds) {
      each.disabled = each.dataset.do === "erase" ? !erasable : each.dataset.do !== "about" && !begun;
    }
  }
}
