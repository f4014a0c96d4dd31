/** The words of one language, from its catalogue. Plurals, days and times are the browser's. */
import { directionOf, localeOf } from "./languages.js";

/** @typedef {string | string[] | Record<string, string>} Entry */
/** @typedef {Record<string, string | number>} Values */

export const FINLAND = "Europe/Helsinki";

export class Words {
  /** @param {string} language @param {Record<string, Entry>} entries */
  constructor(language, entries) {
    this.language = language;
    this.dir = directionOf(language);
    this.locale = localeOf(language);
    this.entries = entries;
  }

  /** The line, with its values put in. @param {string} name @param {Values} [values] */
  say(name, values = {}) {
    return fill(/** @type {string} */ (this.entries[name]), values);
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

  /** A moment as people write it. @param {Date} moment @param {Intl.DateTimeFormatOptions} style */
  when(moment, style) {
    return new Intl.DateTimeFormat(this.locale, { timeZone: FINLAND, ...style }).format(moment);
  }

  /** A day such as 2026-11-22, a month or a year; `about` becomes a sign. Other text stays as it is. @param {string} date */
  day(date) {
    const [, about, found, month, day] = /^(about )?(\d{4}(?:-(\d\d)(?:-(\d\d))?)?)(?: \(.*\))?$/.exec(date) ?? [];
    if (!found) return date;
    /** @type {Intl.DateTimeFormatOptions} */
    const style = { year: "numeric", ...(month && { month: "long" }), ...(day && { day: "numeric" }), timeZone: "UTC" };
    return (about ? "≈ " : "") + this.when(new Date(found), style);
  }
}

const fill = (/** @type {string} */ line, /** @type {Values} */ values) => line.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/** The catalogue of a part, `button` or `chat`. @param {"button" | "chat"} part @param {string} language */
export async function loadWords(part, language) {
  const response = await fetch(new URL(`${part}-${language}.json`, import.meta.url), { credentials: "omit" });
  if (!response.ok) throw new Error(`${part}-${language}: ${response.status}`);
  return new Words(language, await response.json());
}
