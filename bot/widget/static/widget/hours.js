/** Whether a contact point is open just now, and when it opens next, in the reader's language and on Finnish time. */
import { FINLAND, momentIn } from "./dates.js";

const DAY_MS = 86400000;

/**
 * @param {import("./shapes.js").Contact} contact
 * @param {Date} now
 * @param {import("./words.js").Words} words
 * @returns {{open: boolean, line: string} | null} Nothing when the hours are not known.
 */
export function openness({ always_open, open_spans = [] }, now, words) {
  if (always_open) return { open: true, line: words.say("always_open") };
  const spans = open_spans.map(({ opens, closes }) => ({ opens: new Date(opens), closes: new Date(closes) }));
  const span = spans.find(({ closes }) => closes > now);
  if (!span) return null;
  if (span.opens <= now) return { open: true, line: words.say("open_until", { time: clock(span.closes, words) }) };
  return { open: false, line: opens(span.opens, now, words) };
}

/** @param {Date} moment @param {Date} now @param {import("./words.js").Words} words */
function opens(moment, now, words) {
  const time = clock(moment, words);
  const ahead = dayNumber(moment) - dayNumber(now);
  if (ahead < 2) {
    const day = new Intl.RelativeTimeFormat(words.locale, { numeric: "auto" }).format(ahead, "day");
    return words.say("opens_soon", { day, time });
  }
  if (ahead < 7) return words.say("opens_weekday", { day: momentIn(words, moment, { weekday: "long" }), time });
  return words.say("opens_date", { day: momentIn(words, moment, { weekday: "long", day: "numeric", month: "long" }), time });
}

const clock = (/** @type {Date} */ moment, /** @type {import("./words.js").Words} */ words) =>
  momentIn(words, moment, { hour: "numeric", minute: "2-digit" });

/** The number of the day in Finland: yesterday, today and tomorrow follow each other. */
function dayNumber(/** @type {Date} */ moment) {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: FINLAND, year: "numeric", month: "2-digit", day: "2-digit" }).format(moment);
  return Math.round(Date.parse(day) / DAY_MS);
}
