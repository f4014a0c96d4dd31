/** Keeps numbers as they are dialled: in a line from right to left the groups of "050 123 4567" would stand the other way round. */
import { make } from "./dom.js";

const GROUPS = /(\+?\d[\d()-]*(?:[ \u00a0][\d()-]*\d[\d()-]*)+|\+\d+)/;

/** The text in pieces: each number of several groups set apart from left to right. @param {string} text */
export const withNumbers = (text) => text.split(GROUPS).map((part, at) => (at % 2 ? make("bdi", { dir: "ltr" }, part) : part));
