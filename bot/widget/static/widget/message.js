/** Makes the element of one message. Its words stand in their own language, what is around them in the reader's. */
import { contactCards } from "./contacts.js";
import { button, make } from "./dom.js";
import { tagOf } from "./languages.js";
import { withNumbers } from "./numbers.js";
import { fromHtml, newTab } from "./safe-html.js";
import { sourceList } from "./sources.js";

/**
 * @typedef {import("./shapes.js").Message} Message
 * @typedef {import("./words.js").Words} Words
 * @typedef {object} Deeds What a message lets the reader do.
 * @property {(payload: string, title: string) => void} press
 * @property {(message: Message) => void} copy
 * @property {(message: Message) => void} share
 */

const REASONS = ["own_case", "expert_topic", "unknown"];

/** What the newcomer wrote. @param {string} text @param {Words} words */
export function newcomerElement(text, words) {
  return make("article", { "data-sender": "newcomer" },
    make("h3", { class: "unseen" }, words.say("you")), make("p", { class: "said", dir: "auto" }, ...withNumbers(text)));
}

/** Who says it. A human is named by role. @param {Message} message @param {Words} words */
export const speakerOf = ({ sender, author }, words) =>
  author ?? words.say({ newcomer: "you", bot: "name", expert: "expert", system: "system" }[sender]);

/** @param {Message} message @param {Words} words @param {Deeds} deeds */
export function messageElement(message, words, deeds) {
  if (message.sender === "newcomer") return newcomerElement(message.text, words);
  const { answer, expert } = message;
  const own = { lang: message.language, dir: message.dir };
  /** @type {Set<string>} */
  const told = new Set();
  const lead = answer && message.html.endsWith(answer.html) ? message.html.slice(0, -answer.html.length) : "";
  const body = fromHtml(answer && lead ? answer.html : message.html, { class: "body", ...own });

  const offered = expert?.recommended ? contactCards(expert.contacts, words, told) : null;
  const list = message.kind === "offer" && offered ? body.querySelector("ul") : null;
  if (list && offered) list.replaceWith(offered);
  const reason = expert?.reason ?? "";
  const also = contactCards(answer?.contacts ?? [], words, told);
  const element = make("article", { "data-sender": message.sender, "data-kind": message.kind, "data-status": message.status },
    answer ? make("h3", own, answer.title) : make("h3", { class: message.sender === "bot" ? "unseen" : "sender", dir: "auto" }, speakerOf(message, words)),
    lead && fromHtml(lead, { class: "lead", dir: "auto", lang: tagOf(answer?.fallback_from ?? message.language) }),
    body,
    answer && !answer.reviewed && make("p", { class: "draft" }, words.say("draft")),
    choices(message, deeds),
    !list && offered && section(REASONS.includes(reason) ? words.say(reason) : "", offered),
    also && section(words.say("contacts"), also),
    answer && sourceList(answer, words),
    answer && actions(message, words, deeds),
  );
  for (const anchor of element.querySelectorAll("a[target]")) {
    anchor.append(newTab(words));
  }
  return element;
}

const isFeedback = (/** @type {import("./shapes.js").Choice} */ { payload }) => payload.startsWith("/feedback_");

/** Answers to choose from and other buttons, save those of feedback on an answer. @param {Message} message @param {Deeds} deeds */
function choices({ answer, alternatives, buttons }, deeds) {
  const given = new Set(buttons.map(({ payload }) => payload));
  const extra = alternatives
    .map(({ id, title }) => ({ title, payload: `/choose${JSON.stringify({ answer: id })}` }))
    .filter(({ payload }) => !given.has(payload));
  const all = [...extra, ...buttons.filter((each) => !answer || !isFeedback(each))];
  return all.length > 0 && make("div", { class: "buttons" }, ...all.map((each) => choice(each, deeds)));
}

/** @param {import("./shapes.js").Choice} choice @param {Deeds} deeds */
const choice = ({ title, payload }, deeds) =>
  button({ dir: "auto", class: "choice", "data-payload": payload }, () => deeds.press(payload, title), title);

/** Whether it helped, and taking the answer along. @param {Message} message @param {Words} words @param {Deeds} deeds */
function actions(message, words, deeds) {
  const feedback = message.buttons.filter(isFeedback);
  return make("div", { class: "actions" },
    feedback.length > 0 && make("div", { class: "feedback", role: "group", "aria-label": words.say("was_it_helpful") },
      make("span", { "aria-hidden": "true" }, words.say("was_it_helpful")), ...feedback.map((each) => choice(each, deeds))),
    make("div", { class: "take" },
      button({ "data-do": "copy" }, () => deeds.copy(message), words.say("copy")),
      button({ "data-do": "share" }, () => deeds.share(message), words.say("share"))));
}

/** @param {string} title @param {Node} content */
const section = (title, content) => make("section", {}, title && make("h4", {}, title), content);
