/** An answer, or the whole conversation, to take along: copied, shared, downloaded. As plain text, with source and date. */
import { dayIn, momentIn } from "./dates.js";
import { make } from "./dom.js";
import { speakerOf } from "./message.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {import("./shapes.js").Message} Message */

/** @param {Message} message @param {Words} words */
export function asText({ text, answer }, words) {
  if (!answer) return text;
  const sources = answer.sources.map(({ title, url, checked_on }) =>
    [`${title}.`, words.say("checked", { date: dayIn(words, checked_on) }), url].filter(Boolean).join(" "));
  const draft = answer.reviewed ? [] : [words.say("draft")];
  return [answer.title, "", answer.text, "", ...draft, `${words.say("sources")}:`, ...sources].join("\n");
}

/** @param {string} text @returns {Promise<boolean>} Whether it worked. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text);
  }
}

/** Pages that are not served over https have no clipboard. The page around an open panel may be at rest, so it is done within. @param {string} text */
function copyOldWay(text) {
  const area = make("textarea", { readonly: true, "aria-hidden": "true" });
  area.value = text;
  const before = deepestFocus();
  (before?.parentElement ?? document.body).append(area);
  area.focus({ preventScroll: true });
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus({ preventScroll: true });
  return done;
}

function deepestFocus() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement ? element : null;
}

/** With the device's own sharing; without one, by e-mail. @param {string} title @param {string} text */
export async function share(title, text) {
  try {
    await navigator.share({ title, text });
  } catch (error) {
    if (/** @type {Error} */ (error).name === "AbortError") return; // the person thought better of it
    const body = text.replaceAll("\n", "\r\n"); // as RFC 6068 has it
    make("a", { href: `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(body)}` }).click();
  }
}

/** A text file of the conversation. @param {Message[]} messages @param {Words} words */
export function download(messages, words) {
  const said = messages.map((message) => {
    const at = momentIn(words, new Date(message.at), { dateStyle: "medium", timeStyle: "short" });
    return `${speakerOf(message, words)}, ${at}\n${asText(message, words)}\n`;
  });
  const file = new Blob([said.join("\n")], { type: "text/plain;charset=utf-8" });
  const link = make("a", { href: URL.createObjectURL(file), download: `${words.say("download_file")}.txt` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
