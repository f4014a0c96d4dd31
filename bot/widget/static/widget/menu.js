/** Menus of the head: they close after a choice, by Escape, and when attention goes elsewhere. */
import { make } from "./dom.js";

/** @param {Record<string, unknown>} attributes @param {Node[]} face What stands on it. @param {Node[]} items */
export function menu(attributes, face, items) {
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
