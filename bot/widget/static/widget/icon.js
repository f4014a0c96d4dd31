/** Drawings of a few lines, as large as the text. */

const SVG = "http://www.w3.org/2000/svg";

/** A bubble of speech: the sign of the guide. */
export const BUBBLE = "M7 3h10a5 5 0 0 1 5 5v5a5 5 0 0 1-5 5h-4l-6 4v-4a5 5 0 0 1-5-5V8a5 5 0 0 1 5-5zM8 10.5h.01M12 10.5h.01M16 10.5h.01";

/** @param {string} path What is drawn in a field of 24 by 24. */
export function icon(path) {
  const [svg, line] = ["svg", "path"].map((name) => document.createElementNS(SVG, name));
  for (const [name, value] of [["viewBox", "0 0 24 24"], ["aria-hidden", "true"], ["class", "icon"]]) svg.setAttribute(name, value);
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
