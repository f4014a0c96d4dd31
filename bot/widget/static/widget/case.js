/** Follows the case of a conversation: asks how it stands when something was said about it, and now and then while it waits. */
import { asProblem, caseOf, furtherKey, withdraw } from "./calls.js";
import { pause } from "./pause.js";

/** @typedef {import("./shapes.js").Key} Key */

const LOOK_EVERY_SECONDS = 20;

/** Whether the case goes on. @param {import("./shapes.js").Case | null} standing */
export const isOpen = (standing) => standing?.state === "queued" || standing?.state === "claimed";

export class CaseWatch {
  /** @param {() => Key | null} key Of the conversation that goes on. @param {(standing: import("./shapes.js").Case | null) => void} tell */
  constructor(key, tell) {
    this.key = key;
    this.tell = tell;
    /** Whether it may have changed when one looks again: it is open, or could not be asked for. */
    this.unsettled = false;
    this.looking = new AbortController();
  }

  /** Some messages tell that something happened to a case. @param {import("./shapes.js").Message[]} messages */
  hear(messages) {
    if (messages.some(({ sender, status }) => sender === "system" || sender === "expert" || status === "handoff")) this.#look();
  }

  /** The page is seen again. */
  wake() {
    if (this.unsettled) this.#look();
  }

  /** Stop asking until it is woken, or something is heard. */
  rest() {
    this.looking.abort();
  }

  /** Another conversation, or none. */
  forget() {
    this.rest();
    this.unsettled = false;
    this.tell(null);
  }

  /** The person needs no human any more. Throws `Problem`. */
  async withdraw() {
    await withdraw(/** @type {Key} */ (this.key()));
    await this.#look();
  }

  /** A key for a private link. Throws `Problem`. */
  furtherKey() {
    return furtherKey(/** @type {Key} */ (this.key()));
  }

  /** Ask now, and again while it waits and the page is seen. What an earlier look still brings counts no more. */
  async #look() {
    this.rest();
    const { signal } = (this.looking = new AbortController());
    this.unsettled = true;
    for (let again = true; again; again = again && !signal.aborted) {
      const key = this.key();
      if (!key) return;
      try {
        const standing = (await caseOf(key)).case;
        if (signal.aborted) return;
        this.unsettled = isOpen(standing);
        again = standing?.state === "queued";
        this.tell(standing);
      } catch (error) {
        again = asProblem(error).passing;
      }
      again = again && !document.hidden;
      if (again) await pause(LOOK_EVERY_SECONDS, signal);
    }
  }
}
