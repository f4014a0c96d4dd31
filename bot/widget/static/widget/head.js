/** The head of the chat: its name, the language, the menu, and the way out. Menus close after a choice, by Escape, and when attention goes elsewhere. */
import { button, make } from "./dom.js";
import { BUBBLE, icon } from "./icon.js";
import { LANGUAGES, directionOf, tagOf } from "./languages.js";

/** @typedef {import("./words.js").Words} Words */

const GLOBE = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9s.5-6 3.5-9z";
const DOTS = "M12 5h.01M12 12h.01M12 19h.01";
const CROSS = "M6 6l12 12M18 6L6 18";

/** @typedef {"about" | "start_over" | "download" | "telegram" | "erase"} Deed */

export class Head {
  /**
   * @param {object} wishes
   * @param {boolean} wishes.closable
   * @param {(language: string) => void} wishes.speak
   * @param {(deed: Deed) => void} wishes.act
   * @param {() => void} wishes.close
   */
  constructor({ closable, speak, act, close }) {
    this.name = make("span");
    this.place = make("small");
    this.title = make("h2", { class: "title", id: "title", tabindex: -1 }, icon(BUBBLE), make("span", {}, this.name, this.place));
    this.languages = LANGUAGES.map((each) => button({ lang: tagOf(each), dir: directionOf(each), value: each }, () => speak(each)));
    this.language = make("span", { class: "language-now" });
    this.languageWord = make("span", { class: "unseen" });
    this.languageMenu = menu({ id: "languages" }, [icon(GLOBE), this.languageWord, this.language], this.languages);
    const deeds = /** @type {Deed[]} */ (["about", "start_over", "download", "telegram", "erase"]);
    this.deeds = deeds.map((deed) => button({ "data-do": deed, class: deed === "erase" && "danger" }, () => act(deed)));
    this.menuWord = make("span", { class: "unseen" });
    this.menu = menu({ id: "menu" }, [icon(DOTS), this.menuWord], this.deeds);
    this.close = button({ class: "close" }, close, icon(CROSS));
    this.element = make("div", { class: "head" }, this.title, this.languageMenu, this.menu, closable && this.close);
  }

  /** @param {Words} words */
  speak(words) {
    this.name.textContent = words.say("name");
    this.place.textContent = words.say("place");
    this.languageWord.textContent = `${words.say("language")}: `;
    this.language.textContent = ownName(words.language, words);
    this.menuWord.textContent = words.say("menu");
    this.close.setAttribute("aria-label", words.say("close"));
    for (const each of this.languages) {
      each.textContent = ownName(each.value, words);
      each.setAttribute("aria-current", String(each.value === words.language));
    }
    for (const each of this.deeds) {
      each.textContent = words.say(each.dataset.do ?? "");
      each.hidden = !each.textContent; // a service without Telegram has no word for it
    }
  }

  /** What can be done just now. @param {boolean} begun @param {boolean} erasable */
  allow(begun, erasable) {
    for (const each of this.deeds) {
      each.disabled = each.dataset.do === "erase" ? !erasable : each.dataset.do !== "about" && !begun;
    }
  }
}

/** The name of a language in itself. @param {string} language @param {Words} words */
function ownName(language, words) {
  if (language !== tagOf(language)) return words.say("easy_finnish");
  const name = new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
  return name.slice(0, 1).toLocaleUpperCase(language) + name.slice(1);
}

/** @param {Record<string, unknown>} attributes @param {Node[]} face What stands on it. @param {Node[]} items */
function menu(attributes, face, items) {
  const summary = make("summary", {}, ...face);
  const list = make("div", { class: "items" }, ...items);
  const element = make("details", { ...attributes, class: "menu" }, summary, list);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !element.open) return;
    event.stopPropagation();
    event.preventDefault();
    element.open = false;
    summary.focus();
  });
  element.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !element.contains(relatedTarget)) element.open = false;
  });
  list.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("button")) return;
    element.open = false;
    summary.focus();
  }, true);
  return element;
}

/** A press beside an open menu closes it. @param {HTMLElement} around */
export function closeBeside(around) {
  around.addEventListener("pointerdown", ({ target }) => {
    for (const each of around.querySelectorAll("details.menu")) {
      if (target instanceof Node && !each.contains(target)) each.removeAttribute("open");
    }
  });
}
