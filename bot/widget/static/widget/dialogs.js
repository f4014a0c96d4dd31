/** Windows over the chat: one that asks, one that tells. The browser keeps the focus inside and gives it back. */
import { button, make } from "./dom.js";

/** @param {HTMLElement} around @param {string} title @param {Node[]} content @param {Node[]} buttons */
function open(around, title, content, buttons) {
  const element = make("dialog", { "aria-labelledby": "dialog-title" },
    make("h3", { id: "dialog-title" }, title), ...content, make("div", { class: "dialog-buttons" }, ...buttons));
  around.append(element);
  element.addEventListener("keydown", (event) => event.stopPropagation());
  element.addEventListener("pointerdown", ({ target, clientX, clientY }) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    if (target === element && (clientX < left || clientX > right || clientY < top || clientY > bottom)) element.close();
  });
  element.showModal();
  return element;
}

/**
 * Ask before something that cannot be undone. Escape and a press beside it mean no.
 * @param {HTMLElement} around @param {import("./words.js").Words} words @param {string} name `erase` has `erase_ask`, `erase_what`.
 * @param {string} not The word for no.
 * @returns {Promise<boolean>}
 */
export function confirm(around, words, name, not = "cancel") {
  return new Promise((answered) => {
    const no = button({ class: "plain", autofocus: true }, () => element.close(), words.say(not));
    const yes = button({ class: "danger", value: name }, () => element.close("yes"), words.say(name));
    const element = open(around, words.say(`${name}_ask`), [make("p", {}, words.say(`${name}_what`))], [no, yes]);
    element.addEventListener("close", () => {
      element.remove();
      answered(element.returnValue === "yes");
    });
  });
}

/** @param {HTMLElement} around @param {import("./words.js").Words} words @param {string} title @param {...Node} content */
export function tell(around, words, title, ...content) {
  const element = open(around, title, content, [button({ class: "plain", autofocus: true }, () => element.close(), words.say("done"))]);
  element.addEventListener("close", () => element.remove());
}
