/** One conversation after another: begins, sends in order, follows, erases. Knows nothing of what it looks like. */
import { asProblem, begin, erase, history, send } from "./calls.js";
import { follow } from "./follow.js";
import { Outbox } from "./outbox.js";
import { backOff, pause } from "./pause.js";
import { oneTabAtATime } from "./tabs.js";

/**
 * @typedef {import("./shapes.js").Key} Key
 * @typedef {import("./shapes.js").Message} Message
 * @typedef {import("./shapes.js").Outgoing} Outgoing
 * @typedef {object} View What the conversation tells. Whatever it shows, it shows once.
 * @property {(messages: Message[], quietly: boolean) => void} show
 * @property {(item: Outgoing) => void} expect A message is on its way.
 * @property {(item: Outgoing) => void} forget It is not on its way any more, and was not taken.
 * @property {(item: Outgoing, problem: import("./calls.js").Problem) => void} refuse The service cannot take it.
 * @property {(item: Outgoing, problem: import("./calls.js").Problem) => void} stuck It is not known why it was not taken: a person decides.
 * @property {() => void} clear Another conversation, or none.
 * @property {() => void} gone
 * @property {(state: "quiet" | "sending" | "reconnecting" | "busy") => void} state
 */

export class Conversation {
  /** @param {import("./memory.js").Memory} memory @param {() => import("./shapes.js").Wishes} wishes @param {View} view */
  constructor(memory, wishes, view) {
    this.memory = memory;
    this.wishes = wishes;
    this.view = view;
    this.outbox = new Outbox(memory);
    /** @type {Key | null} */
    this.key = null;
    this.last = 0;
    /** Whether what is shown is of a conversation that is there no more. */
    this.lost = false;
    this.stopped = true;
    this.sending = false;
    this.following = new AbortController();
    this.nextAttempt = new AbortController();
  }

  /** Take up what was remembered. */
  async resume() {
    this.stopped = false;
    const key = /** @type {Key | null} */ (this.memory.get("key"));
    if (key?.id !== this.key?.id) this.#take(key);
    for (const item of this.outbox.items) this.view.expect(item);
    await this.#catchUp();
    this.pump();
  }

  /** Stop following; what is on its way still goes. */
  rest() {
    this.stopped = true;
    this.following.abort();
  }

  /** Another tab changed something. @param {string} name */
  changedElsewhere(name) {
    if (name === "key") {
      if (this.key && this.memory.get("key")) this.#setAside(this.key);
      this.resume();
    }
    if (!name.startsWith("out:")) return;
    const before = this.outbox.items;
    this.outbox.look();
    for (const item of this.outbox.items) this.view.expect(item);
    if (before.some((item) => !this.outbox.holds(item))) this.#catchUp();
    // The tab in which it was written sends it. When that one is gone, this one does once it is looked at again.
  }

  /** Say something. @param {string} words @param {{text: string} | {payload: string, title: string}} body */
  say(words, body) {
    this.view.expect(this.outbox.add(words, body));
    this.pump();
  }

  /** Try again at once. */
  hurry() {
    this.nextAttempt.abort();
    this.pump();
  }

  /** The person does not want it sent any more. @param {Outgoing} item */
  drop(item) {
    this.outbox.remove(item);
    this.view.forget(item);
    this.pump();
  }

  /** A new conversation begins with the next message. The old one can be taken up again, and is erased with the new one. */
  startOver() {
    if (this.key) this.#setAside(this.key);
    this.outbox.clear();
    this.nextAttempt.abort();
    this.#take(null);
  }

  /** Back to the conversation before. */
  async goBack() {
    const earlier = this.#earlier();
    const key = earlier.pop();
    if (!key) return;
    this.memory.set("earlier", this.key ? [this.key, ...earlier] : earlier);
    this.#take(key);
    await this.#catchUp();
  }

  /** Erase everything that was said from here. Throws `Problem`, and then nothing is forgotten. */
  async erase() {
    for (const key of [...this.#earlier(), ...(this.key ? [this.key] : [])]) await erase(key);
    this.memory.set("earlier", null);
    this.outbox.clear();
    this.#take(null);
  }

  get erasable() {
    return Boolean(this.key) || this.#earlier().length > 0;
  }

  /** Send what is on its way, one after the other. */
  async pump() {
    if (this.sending) return;
    this.sending = true;
    try {
      await oneTabAtATime(this.memory.agreed, () => this.#sendAll());
    } finally {
      this.sending = false;
    }
  }

  async #sendAll() {
    this.outbox.look();
    for (let failures = 0; this.outbox.first; ) {
      const item = this.outbox.first;
      this.view.state(failures ? "reconnecting" : "sending");
      try {
        await this.#deliver(item);
        failures = 0;
      } catch (error) {
        if (!(await this.#wentWrong(item, asProblem(error), failures++))) return;
      }
    }
    this.view.state("quiet");
  }

  /** @param {Outgoing} item */
  async #deliver(item) {
    const key = this.key ?? (await this.#begin());
    if (!this.outbox.holds(item)) return;
    const { received, messages } = await send(key, item.body);
    this.outbox.remove(item);
    if (key.id !== this.key?.id) return;
    // The follower gets them too, and it alone moves on: another tab's message may lie between.
    this.view.show([received, ...messages], false);
  }

  /** @param {Outgoing} item @param {import("./calls.js").Problem} problem @param {number} failures @returns {Promise<boolean>} Whether to go on. */
  async #wentWrong(item, problem, failures) {
    if (!this.outbox.holds(item)) return true;
    if (problem.passing) {
      this.view.state(problem.status === 429 ? "busy" : "reconnecting");
      this.nextAttempt = new AbortController();
      await pause(backOff(failures, problem.seconds), this.nextAttempt.signal);
      return true;
    }
    this.view.state("quiet");
    if (problem.gone) {
      this.#lost();
      return false;
    }
    if (problem.status === 413 || problem.status === 422) {
      this.outbox.remove(item);
      this.view.refuse(item, problem);
      return true;
    }
    this.view.stuck(item, problem);
    return false;
  }

  /** Begin a conversation, or take up the one that another tab began meanwhile. */
  async #begin() {
    const there = /** @type {Key | null} */ (this.memory.get("key"));
    const { messages, ...key } = there ? { ...there, messages: [] } : await begin(this.wishes()).catch((problem) => this.#beginPlainly(problem));
    if (this.lost) this.view.clear();
    this.lost = false;
    this.key = key;
    this.memory.set("key", key);
    this.#show(messages, true);
    if (there) await this.#catchUp();
    else this.#listen();
    return key;
  }

  /** A page may name a municipality or audience that the service does not know. @param {import("./calls.js").Problem} problem */
  #beginPlainly(problem) {
    if (problem.status !== 422) throw problem;
    console.warn(`ELO Guide: ${problem.message}`);
    return begin({ language: this.wishes().language, municipality: null, audience: null });
  }

  /** @param {Key | null} key */
  #take(key) {
    this.following.abort();
    this.key = key;
    this.last = 0;
    this.lost = false;
    this.memory.set("key", key);
    this.view.clear();
  }

  /** Show what came meanwhile, then follow. */
  async #catchUp() {
    const key = this.key;
    if (!key || this.stopped) return;
    const first = this.last === 0;
    try {
      const messages = await history(key, this.last);
      if (key.id !== this.key?.id) return;
      this.#show(messages, first);
    } catch (error) {
      if (asProblem(error).gone) return this.#lost();
      this.view.state("reconnecting");
    }
    this.#listen();
  }

  #listen() {
    this.following.abort();
    if (!this.key || this.stopped || document.hidden) return;
    this.following = new AbortController();
    const conversation = this;
    const listener = {
      get last() { return conversation.last; },
      onMessage: (/** @type {Message} */ message) => this.#show([message], false),
      onReach: (/** @type {boolean} */ reached) => this.sending || this.view.state(reached ? "quiet" : "reconnecting"),
      onGone: () => this.#lost(),
    };
    follow(this.key, listener, this.following.signal);
  }

  /** The page was hidden or is seen again: a stream in every tab would leave no connection for the others. */
  seen() {
    if (document.hidden) this.following.abort();
    else if (!this.stopped) this.resume();
  }

  #lost() {
    this.following.abort();
    this.key = null;
    this.last = 0;
    this.lost = true;
    this.memory.set("key", null);
    this.view.gone();
  }

  /** @param {Message[]} messages @param {boolean} quietly */
  #show(messages, quietly) {
    this.last = Math.max(this.last, ...messages.slice(-1).map(({ id }) => id));
    this.view.show(messages, quietly);
  }

  /** Another conversation takes its place. It is remembered, so that it can be taken up again and erased. @param {Key} key */
  #setAside(key) {
    this.memory.set("earlier", [...this.#earlier().filter(({ id }) => id !== key.id), key]);
  }

  /** @returns {Key[]} */
  #earlier() {
    return this.memory.get("earlier") ?? [];
  }
}
