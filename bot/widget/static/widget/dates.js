/** Days and times as people write them in a language. How they are written is the browser's business. */

/** @typedef {import("./words.js").Words} Words */

export const FINLAND = "Europe/Helsinki";

/** A moment, on Finnish time unless the style says otherwise. @param {Words} words @param {Date} moment @param {Intl.DateTimeFormatOptions} style */
export const momentIn = ({ locale }, moment, style) => new Intl.DateTimeFormat(locale, { timeZone: FINLAND, ...style }).format(moment);

/** A day such as 2026-11-22, a month or a year; `about` becomes a sign. Other text stays as it is. @param {Words} words @param {string} date */
export function dayIn(words, date) {
  const [, about, found, month, day] = /^(about )?(\d{4}(?:-(\d\d)(?:-(\d\d))?)?)(?: \(.*\))?$/.exec(date) ?? [];
  if (!found) return date;
  /** @type {Intl.DateTimeFormatOptions} */
  const style = { year: "numeric", ...(month && { month: "long" }), ...(day && { day: "numeric" }), timeZone: "UTC" };
  return (about ? "≈ " : "") + momentIn(words, new Date(found), style);
}
