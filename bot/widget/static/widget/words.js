/** The words of one language, from its catalogue. Plurals are the browser's. */
import { directionOf, localeOf, tagOf } from "./languages.js";

/** @typedef {string | string[] | Record<string, string>} Entry */
/** @typedef {Record<string, string | number>} Values */

export class Words {
  /** @param {string} language @param {Record<string, Entry>} entries */
  constructor(language, entries) {
    this.language = language;
    this.tag = tagOf(language);
    this.dir = directionOf(language);
    this.locale = localeOf(language);
    this.entries = entries;
  }

  /** The line, with its values put in. @param {string} name @param {Values} [values] */
  say(name, values = {}) {
    return fill(/** @type {string} */ (this.entries[name] ?? ""), values);
  }

  /** Lines that belong together. @param {string} name */
  list(name) {
    return /** @type {string[]} */ (this.entries[name]);
  }

  /** The line in the form that fits the number. @param {string} name @param {number} count */
  count(name, count) {
    const forms = /** @type {Record<string, string>} */ (this.entries[name]);
    const form = forms[new Intl.PluralRules(this.locale).select(count)] ?? forms.other;
    return fill(form, { count: new Intl.NumberFormat(this.locale).format(count) });
  }
}

const fill = (/** @type {string} */ line, /** @type {Values} */ values) => line.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
