/** Shows what the conversation tells, in the reader's words. Whatever it is told twice it shows once. */

/**
 * @typedef {import("./shapes.js").Message} Message
 * @typedef {import("./shapes.js").Outgoing} Outgoing
 * @typedef {"quiet" | "sending" | "reconnecting" | "busy"} State
 * @typedef {object} Parts
 * @property {() => import("./words.js").Words} words
 * @property {import("./room.js").Room} room
 * @property {import("./notices.js").Notices} notices
 * @property {import("./composer.js").Composer} composer
 * @property {import("./handoff.js").Handoff} bar
 * @property {() => void} changed What can be done may have changed.
 * @property {(count: number) => void} came So many messages are new.
 * @property {() => void} again Send what was not taken.
 * @property {(item: Outgoing) => void} drop Do not send it.
 * @property {() => void} startOver
 * @property {() => void} goBack
 * @property {() => void} remember The device is to remember.
 */

export class View {
  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
    /** @type {State} */
    this.now = "quiet";
    /** Whether a human owns the conversation. */
    this.human = false;
  }

  /** @param {Message[]} messages @param {boolean} quietly */
  show(messages, quietly) {
    const count = this.parts.room.show(messages, quietly);
    this.parts.changed();
    if (count) this.parts.came(count);
  }

  /** A message is on its way. @param {Outgoing} item */
  expect(item) {
    this.parts.room.expect(item);
    this.parts.bar.pass();
    if (this.parts.notices.stays) this.state(this.now);
    this.parts.changed();
  }

  /** It is not on its way any more, and was not taken. @param {Outgoing} item */
  forget(item) {
    this.parts.room.log.forget(item);
    this.parts.changed();
  }

  /** The service cannot take it. @param {Outgoing} item */
  refuse(item) {
    this.forget(item);
    this.parts.composer.giveBack(item.body.text ?? "");
    this.parts.notices.show(`${this.#say("not_sent")} ${this.#say("unreadable")}`);
  }

  /** It is not known why it was not taken: a person decides. @param {Outgoing} item */
  stuck(item) {
    this.parts.room.log.stuck(item, `${this.#say("not_sent")} ${this.#say("failed")}`, this.parts.again, () => this.parts.drop(item));
  }

  /** Another conversation, or none. */
  clear() {
    this.parts.room.log.clear();
    this.parts.notices.hide();
    this.parts.changed();
  }

  /** Another conversation took its place, or none; there is a way back. */
  replaced() {
    this.parts.notices.show(this.#say("started_over"), [[this.#say("back_to_earlier"), this.parts.goBack]]);
  }

  /** A private link led here, or nowhere. @param {boolean} found @param {boolean} earlier Whether another can be gone back to. @param {boolean} agreed */
  cameBack(found, earlier, agreed) {
    /** @type {[string, () => void][]} */
    const deeds = found && !agreed ? [[this.#say("remember"), this.parts.remember]] : [];
    if (earlier) deeds.push([this.#say("back_to_earlier"), this.parts.goBack]);
    this.parts.notices.show(this.#say(found ? "came_back" : "link_wrong"), deeds);
    this.parts.changed();
  }

  /** How the case of the conversation stands, if there is one. @param {import("./shapes.js").Case | null} standing */
  stands(standing) {
    this.human = Boolean(standing?.human_speaks);
    this.parts.bar.show(standing);
    this.#tellWriting();
  }

  /** The conversation is not there any more. */
  gone() {
    const { notices, room, again, startOver } = this.parts;
    const waits = room.log.waiting.size > 0;
    room.writing.hide();
    notices.show(this.#say("gone"), [[this.#say(waits ? "send_to_new" : "new_conversation"), waits ? again : startOver]]);
    this.parts.changed();
  }

  /** @param {State} state */
  state(state) {
    const { notices, room, words } = this.parts;
    this.now = state;
    this.#tellWriting();
    if (state === "reconnecting" || state === "busy") {
      const waiting = room.log.waiting.size;
      const line = this.#say(state === "busy" ? "busy" : navigator.onLine ? "reconnecting" : "offline");
      notices.show(waiting > 1 ? `${line} ${words().count("waiting", waiting)}` : line, [], true);
    } else if (state === "quiet" && notices.stays) {
      notices.hide();
    }
  }

  /** A human may answer at once or tomorrow: nothing is promised. */
  #tellWriting() {
    this.parts.room.writing.show(this.now === "sending" && !this.human);
  }

  /** @param {string} name */
  #say(name) {
    return this.parts.words().say(name);
  }
}
