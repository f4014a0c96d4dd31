/**
 * A municipality's own colour, made readable. `--elo-accent` is taken as it is when text in it can be read on the paper
 * and text on it can be read; else it is made darker (in the dark: lighter) until it can. What is no opaque colour is left out.
 */

/** Contrast that WCAG 2.2 AA asks of text. */
export const ENOUGH = 4.5;

/** Papers on which the colour must be readable: the page and the softest ground of each scheme, as in chat.css. */
const GROUNDS = { light: [[255, 255, 255], [246, 243, 237]], dark: [[31, 39, 42], [21, 27, 29]] };
const TOWARDS = { light: [0, 0, 0], dark: [255, 255, 255] };

/** @typedef {number[]} Colour Red, green, blue, from 0 to 255. */

/** @param {HTMLElement} element Whose `--accent` and `--on-accent` are set. @param {"light" | "dark"} scheme */
export function applyTheme(element, scheme) {
  const wished = (scheme === "dark" && colourOf(element, "--elo-accent-dark")) || colourOf(element, "--elo-accent");
  const accent = wished && readable(wished, scheme);
  element.style.setProperty("--accent", accent ? css(accent) : "");
  element.style.setProperty("--on-accent", accent ? css(contrast(accent, [255, 255, 255]) >= ENOUGH ? [255, 255, 255] : [0, 0, 0]) : "");
}

/** The colour, or the nearest one towards black (towards white in the dark) that can be read. @param {Colour} colour
 * @param {"light" | "dark"} scheme @returns {Colour} */
export function readable(colour, scheme) {
  for (let share = 0; share < 1; share += 0.02) {
    const mixed = colour.map((part, at) => Math.round(part + (TOWARDS[scheme][at] - part) * share));
    if (GROUNDS[scheme].every((ground) => contrast(mixed, ground) >= ENOUGH)) return mixed;
  }
  return TOWARDS[scheme];
}

/** WCAG 2.2, "contrast ratio". @param {Colour} one @param {Colour} other */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** WCAG 2.2, "relative luminance". @param {Colour} colour */
function luminance(colour) {
  const [red, green, blue] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The colour that the page gave; null when it gave none, or one that is not written as hex, rgb(), hsl() or a name, or not opaque.
 * @param {HTMLElement} element @param {string} name @returns {Colour | null} */
function colourOf(element, name) {
  const value = getComputedStyle(element).getPropertyValue(name).trim();
  if (!value || !CSS.supports("color", value)) return null;
  const probe = element.appendChild(document.createElement("span"));
  probe.style.color = value;
  const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(getComputedStyle(probe).color);
  probe.remove();
  return parts && parts.slice(1).map(Number);
}

const css = (/** @type {Colour} */ colour) => `rgb(${colour.join(", ")})`;
