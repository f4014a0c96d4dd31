/** The bar below the head: how the newcomer's case stands, the way back from another browser, and the way out. */
import { isOpen } from "./case.js";
import { momentIn } from "./dates.js";
import { button, make } from "./dom.js";
import { APART, newTab } from "./safe-html.js";

/**
 * @typedef {import("./shapes.js").Case} Case
 * @typedef {import("./words.js").Words} Words
 */

export class Handoff {
  /** @param {{link: () => void, withdraw: () => void}} deeds */
  constructor({ link, withdraw }) {
    /** @type {Words | null} */
    this.words = null;
    /** @type {Case | null} What is told of just now. */
    this.standing = null;
    this.text = make("p", { role: "status", tabindex: -1 });
    this.teams = make("a", { class: "choice", ...APART });
    this.link = button({ class: "choice", "data-do": "link" }, link);
    this.withdraw = button({ class: "choice", "data-do": "withdraw" }, withdraw);
    this.deeds = make("div", { class: "notice-buttons" }, this.teams, this.link, this.withdraw);
    this.element = make("div", { class: "case" }, this.text, this.deeds);
    this.#draw();
  }

  /** @param {Words} words */
  speak(words) {
    this.words = words;
    this.text.setAttribute("aria-label", words.say("case"));
    this.link.textContent = words.say("link");
    this.withdraw.textContent = words.say("withdraw");
    this.teams.replaceChildren(words.say("open_teams"), newTab(words));
    this.#draw();
  }

  /** That it has ended is told where it was told of before; else the messages do. @param {Case | null} standing */
  show(standing) {
    this.standing = isOpen(standing) || this.standing ? standing : null;
    this.#draw();
  }

  /** The person goes on: that it has ended was told. */
  pass() {
    if (!isOpen(this.standing)) this.show(null);
  }

  #draw() {
    const { standing, words, text, teams, deeds } = this;
    const line = standing && words ? lineOf(standing, words) : "";
    if (text.textContent !== line) text.textContent = line;
    this.element.toggleAttribute("data-empty", !line);
    const url = standing?.appointment?.link ?? "";
    teams.hidden = !/^https?:\/\//i.test(url);
    if (!teams.hidden) teams.href = url;
    // Whoever stands on a button that goes stays in the bar.
    if (!isOpen(standing) && deeds.contains(/** @type {ShadowRoot} */ (deeds.getRootNode()).activeElement)) text.focus({ preventScroll: true });
    deeds.hidden = !isOpen(standing);
  }
}

/** @param {Case} standing @param {Words} words */
function lineOf({ state, who, human_speaks, appointment, place, present }, words) {
  if (state !== "queued" && state !== "claimed") return words.say(state);
  const named = { who: `\u2068${who}\u2069` }; // a name of the other direction stays in one piece
  const booked = appointment && new Date(appointment.ends_at) > new Date() ? appointmentLine(appointment, words) : "";
  if (human_speaks) return `${words.say("with_human", named)} ${booked}`.trim();
  if (booked) return booked;
  if (state === "claimed") return words.say("claimed", named);
  const before = (place ?? 1) - 1;
  return [
    words.say("waits_for", named),
    before ? words.count("before_you", before) : words.say("you_are_next"),
    words.say(present ? "somebody_there" : "nobody_there"),
  ].join(" ");
}

/** @param {NonNullable<Case["appointment"]>} appointment @param {Words} words */
function appointmentLine({ starts_at, medium }, words) {
  /** @type {Intl.DateTimeFormatOptions} */
  const style = { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" };
  const when = momentIn(words, new Date(starts_at), style);
  return `${words.say("appointment", { when })} ${words.say(medium === "teams" ? "by_teams" : "by_phone")}`;
}
