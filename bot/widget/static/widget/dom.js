/** Makes elements. Text is only ever set as text, and no style or handler as an attribute: any Content-Security-Policy holds. */

/** @typedef {Node | string | number | null | false | undefined} Child */

/**
 * An element. Attributes that are empty are left out, a true one stands alone.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, unknown>} [attributes] @param {...Child} children @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value || value === 0) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child || child === 0).map((child) => (child instanceof Node ? child : String(child))));
  return element;
}

/** A button that calls `press`. @param {Record<string, unknown>} attributes @param {() => void} press @param {...Child} children */
export function button(attributes, press, ...children) {
  const element = make("button", { type: "button", ...attributes }, ...children);
  element.addEventListener("click", press);
  return element;
}
