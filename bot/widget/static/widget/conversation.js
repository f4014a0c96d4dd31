/** One conversation after another: begins, sends in order, follows, erases. Knows nothing of what it looks like. */
import { asProblem, begin, erase, history, send } from "./calls.js";
import { CaseWatch } from "./case.js";
import { follow } from "./follow.js";
import { Keys } from "./keys.js";
import { Outbox } from "./outbox.js";
import { backOff, pause } from "./pause.js";
import { oneTabAtATime } from "./tabs.js";

/**
 * @typedef {import("./shapes.js").Key} Key
 * @typedef {import("./shapes.js").Message} Message
 * @typedef {import("./shapes.js").Outgoing} Outgoing
 */

export class Conversation {
  /** @param {import("./memory.js").Memory} memory @param {() => import("./shapes.js").Wishes} wishes @param {import("./view.js").View} view */
  constructor(memory, wishes, view) {
    this.memory = memory;
    this.keys = new Keys(memory);
    this.wishes = wishes;
    this.view = view;
    this.outbox = new Outbox(memory);
    /** @type {Key | null} */
    this.key = null;
    this.case = new CaseWatch(() => this.key, (standing) => view.stands(standing));
    this.last = 0;
    /** @type {string | null} Id of a conversation that a private link named, until it is found or not. */
    this.linked = null;
    /** Whether what is shown is of a conversation that is there no more. */
    this.lost = false;
    this.stopped = true;
    this.sending = false;
    /** Whether something was put on its way, or is to be tried again, since the last look. */
    this.called = false;
    this.following = new AbortController();
    this.nextAttempt = new AbortController();
  }

  /** Take up what was remembered. */
  async resume() {
    this.stopped = false;
    const key = this.keys.kept;
    if (key?.id !== this.key?.id) this.#take(key);
    this.#expectAll();
    this.case.wake();
    await this.#catchUp();
    this.pump();
  }

  /** Stop following; what is on its way still goes. */
  rest() {
    this.stopped = true;
    this.#pause();
  }

  #pause() {
    this.following.abort();
    this.case.rest();
  }

  /** Another tab changed something. @param {string} name */
  changedElsewhere(name) {
    if (name === "remember") this.#rememberedElsewhere();
    if (name === "key") this.#takeKept();
    if (!name.startsWith("out:")) return;
    const before = this.outbox.items;
    this.outbox.look();
    this.#expectAll();
    if (before.some((item) => !this.outbox.holds(item))) this.#catchUp();
    // The tab in which it was written sends it. When that one is gone, this one does once it is looked at again.
  }

  /** The person agreed in another tab, or took it back: what this tab has goes the same way. */
  #rememberedElsewhere() {
    if (this.memory.agreed) {
      this.memory.adopt();
      this.#takeKept();
      return;
    }
    this.keys.kept = this.key;
    for (const item of this.outbox.items) this.memory.set(item.name, item);
  }

  /** Go on with the conversation that is remembered; the way back to this one stays. */
  #takeKept() {
    const { key, keys } = this;
    const earlier = () => keys.earlier.some(({ id }) => id === key?.id);
    if (keys.kept && keys.kept.id !== key?.id && !earlier()) keys.setAside(key);
    this.resume();
    if (earlier()) this.view.replaced();
  }

  #expectAll() {
    for (const item of this.outbox.items) this.view.expect(item);
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
    this.keys.setAside(this.key);
    this.#empty();
    this.nextAttempt.abort();
    this.#take(null);
  }

  /** Back to the conversation before. */
  async goBack() {
    const key = this.keys.takeBack(this.key);
    if (!key) return;
    this.#take(key);
    await this.#catchUp();
  }

  /** A private link leads to another conversation. The one before can be gone back to. @param {Key} key */
  comeBack(key) {
    this.linked = key.id;
    if (key.id !== this.keys.kept?.id) {
      this.#empty();
      this.nextAttempt.abort();
      this.keys.takeUp(key);
    }
    return this.resume();
  }

  /** Erase everything that was said from here. Throws `Problem`, and then nothing is forgotten. */
  async erase() {
    for (const key of [...this.keys.earlier, ...(this.key ? [this.key] : [])]) await erase(key);
    this.keys.forget();
    this.#empty();
    this.#take(null);
  }

  get erasable() {
    return Boolean(this.key) || this.keys.earlier.length > 0;
  }

  #empty() {
    const { items } = this.outbox;
    this.outbox.clear();
    for (const item of items) this.view.forget(item);
  }

  /** Send what is on its way, one after the other. */
  async pump() {
    this.called = true;
    if (this.sending) return;
    this.sending = true;
    try {
      // Giving the turn to another tab takes a moment, in which something may be said.
      while (this.called) await oneTabAtATime(this.memory.agreed, () => this.#sendAll());
    } finally {
      this.sending = false;
    }
  }

  async #sendAll() {
    this.outbox.look();
    let goOn = true;
    for (let failures = 0; goOn && this.outbox.first; ) {
      const item = this.outbox.first;
      const key = this.key;
      this.view.state(failures ? "reconnecting" : "sending");
      try {
        await this.#deliver(item);
        failures = 0;
      } catch (error) {
        goOn = await this.#wentWrong(item, key, asProblem(error), failures++);
      }
    }
    this.called = false;
    if (goOn) this.view.state("quiet");
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

  /** @param {Outgoing} item @param {Key | null} key Where it was sent. @param {import("./calls.js").Problem} problem @param {number} failures
   * @returns {Promise<boolean>} Whether to go on. */
  async #wentWrong(item, key, problem, failures) {
    if (!this.outbox.holds(item)) return true;
    if (problem.passing) {
      this.view.state(problem.status === 429 ? "busy" : "reconnecting");
      this.nextAttempt = new AbortController();
      await pause(backOff(failures, problem.seconds), this.nextAttempt.signal);
      return true;
    }
    this.view.state("quiet");
    if (problem.gone) return this.#lost(key);
    if (problem.status === 413 || problem.status === 422) {
      this.outbox.remove(item);
      this.view.refuse(item);
      return true;
    }
    this.view.stuck(item);
    return false;
  }

  /** Begin a conversation, or take up the one that another tab began meanwhile. */
  async #begin() {
    const { messages, ...begun } = this.keys.kept
      ? { ...this.keys.kept, messages: [] }
      : await begin(this.wishes()).catch((problem) => this.#beginPlainly(problem));
    const key = this.keys.kept ?? begun; // A tab that slept may have begun one in the meantime, too.
    if (this.lost) this.view.clear();
    this.lost = false;
    this.key = this.keys.kept = key;
    if (key === begun) {
      this.#show(messages, true);
      this.#listen();
    } else {
      await this.#catchUp();
    }
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
    this.#change(key);
    this.lost = false;
    this.view.clear();
  }

  /** @param {Key | null} key */
  #change(key) {
    this.following.abort();
    this.key = this.keys.kept = key;
    this.last = 0;
    this.case.forget();
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
      if (asProblem(error).gone) return void this.#lost(key);
      this.view.state("reconnecting");
    }
    this.#listen();
  }

  #listen() {
    this.following.abort();
    const { key } = this;
    if (!key || this.stopped || document.hidden) return;
    this.following = new AbortController();
    const conversation = this;
    const listener = {
      get last() { return conversation.last; },
      onMessage: (/** @type {Message} */ message) => this.#show([message], false),
      onReach: (/** @type {boolean} */ reached) => this.sending || this.view.state(reached ? "quiet" : "reconnecting"),
      onGone: () => this.#lost(key),
    };
    follow(key, listener, this.following.signal);
  }

  /** The page was hidden or is seen again: a stream in every tab would leave no connection for the others. */
  seen() {
    if (document.hidden) this.#pause();
    else if (!this.stopped) this.resume();
  }

  /** It is not there any more. @param {Key | null} key @returns {boolean} Whether another has taken its place. */
  #lost(key) {
    const { kept } = this.keys;
    if (key?.id !== this.key?.id) return true;
    if (kept && kept.id !== key?.id) {
      this.resume();
      return true;
    }
    this.#change(null);
    this.lost = true;
    if (this.linked === key?.id) this.#arrived(false);
    else this.view.gone();
    return false;
  }

  /** @param {Message[]} messages @param {boolean} quietly */
  #show(messages, quietly) {
    this.last = Math.max(this.last, ...messages.slice(-1).map(({ id }) => id));
    this.view.show(messages, quietly);
    this.case.hear(messages);
    if (this.linked === this.key?.id) this.#arrived(true);
  }

  /** @param {boolean} found Whether the private link led to a conversation. */
  #arrived(found) {
    this.linked = null;
    this.view.cameBack(found, this.keys.earlier.length > 0, this.memory.agreed);
  }
}
