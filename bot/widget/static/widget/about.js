/** What the guide can and cannot do, what becomes of the words, and whether the device remembers them. */
import { button, make } from "./dom.js";
import { SERVICE } from "./place.js";
import { APART, newTab } from "./safe-html.js";

/** @typedef {import("./words.js").Words} Words */

/** @param {Words} words @param {boolean} remembered @param {(yes: boolean) => void} remember */
export function privacyLines(words, remembered, remember) {
  const tick = make("input", { type: "checkbox", class: "remember" });
  tick.checked = remembered;
  tick.addEventListener("change", () => remember(tick.checked));
  return make("div", { class: "privacy" },
    make("p", {}, words.say("privacy"), " ",
      make("a", { href: `${SERVICE.href}privacy?lang=${words.tag}`, ...APART }, words.say("privacy_link"), newTab(words))),
    make("label", { class: "tick" }, tick, make("span", {}, words.say("remember"), make("small", {}, words.say("remember_hint")))));
}

/** @param {Words} words */
export function abilities(words) {
  const lines = (/** @type {string} */ name) => make("ul", { class: name }, ...words.list(name).map((line) => make("li", {}, line)));
  return make("div", { class: "abilities" },
    make("section", {}, make("h4", {}, words.say("can_title")), lines("can")),
    make("section", {}, make("h4", {}, words.say("cannot_title")), lines("cannot")));
}

/** What is seen before the first message.
 * @param {Words} words @param {boolean} remembered @param {(yes: boolean) => void} remember @param {(text: string) => void} ask */
export function welcome(words, remembered, remember, ask) {
  return make("section", { class: "welcome" },
    make("h3", {}, words.say("hello")),
    make("p", { class: "intro" }, words.say("intro")),
    make("div", { class: "starters", role: "group", "aria-label": words.say("starters_title") },
      ...words.list("starters").map((text) => button({ class: "choice", dir: "auto" }, () => ask(text), text))),
    privacyLines(words, remembered, remember),
    abilities(words));
}
