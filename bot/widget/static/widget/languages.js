/** The languages of the widget, and easy Finnish. The service has a catalogue for each in bot/texts/widget/. */

export const LANGUAGES = ["fi", "fi-easy", "en", "sv", "ru", "uk", "ar"];

/** The language as HTML names it: easy Finnish is Finnish. */
export const tagOf = (/** @type {string} */ language) => language.split(/[-_]/)[0];

/** How the browser's Intl is asked: days and clock as here in Finland, numbers in the digits that Finnish offices use. */
const LOCALES = /** @type {Record<string, string>} */ ({ fi: "fi-FI", en: "en-GB", sv: "sv-FI", ru: "ru-RU", uk: "uk-UA", ar: "ar-u-nu-latn" });

export const localeOf = (/** @type {string} */ language) => LOCALES[tagOf(language)] ?? "en-GB";

export const directionOf = (/** @type {string} */ language) => (language === "ar" ? "rtl" : "ltr");

/**
 * The first of the wishes that the widget speaks, else English.
 * @param {(string | null | undefined)[]} wishes Languages such as `fi`, `fi-FI` or nothing, the strongest first.
 */
export const firstKnown = (wishes) =>
  wishes.map((wish) => (wish ?? "").toLowerCase()).flatMap((wish) => [wish, tagOf(wish)]).find((wish) => LANGUAGES.includes(wish)) ?? "en";
