/** Follows a conversation: by a stream, and by asking now and then where streams are blocked. */
import { asProblem, history } from "./calls.js";
import { backOff, pause } from "./pause.js";
import { Blocked, readStream } from "./stream.js";

const ASK_EVERY_SECONDS = 3;
/** After so many questions the stream is tried again. */
const QUESTIONS = 100;

/**
 * @typedef {object} Listener
 * @property {number} last Id of the last message known; the follower reads it before each attempt.
 * @property {(message: import("./shapes.js").Message) => void} onMessage
 * @property {(reached: boolean) => void} onReach Whether the service can be reached just now.
 * @property {() => void} onGone The conversation is not there any more.
 */

/** Follow until the signal stops it. @param {import("./shapes.js").Key} key @param {Listener} listener @param {AbortSignal} signal */
export async function follow(key, listener, signal) {
  for (let failures = 0; !signal.aborted; ) {
    let seconds = 0;
    try {
      const sign = () => {
        failures = 0;
        listener.onReach(true);
      };
      await readStream(key, listener.last, listener.onMessage, sign, signal);
    } catch (error) {
      if (signal.aborted) return;
      const problem = asProblem(error);
      if (problem.gone) return listener.onGone();
      if (error instanceof Blocked || failures > 1) await ask(key, listener, signal);
      else if (failures) listener.onReach(false);
      seconds = problem.seconds;
    }
    await pause(backOff(failures++, seconds), signal);
  }
}

/** Ask for news a while. Ends early when the service cannot be reached. @param {import("./shapes.js").Key} key
 * @param {Listener} listener @param {AbortSignal} signal */
async function ask(key, listener, signal) {
  for (let questions = QUESTIONS; questions && !signal.aborted; questions--) {
    try {
      const messages = await history(key, listener.last);
      if (signal.aborted) return;
      listener.onReach(true);
      messages.forEach(listener.onMessage);
    } catch (error) {
      if (asProblem(error).gone) return listener.onGone();
      return listener.onReach(false);
    }
    await pause(ASK_EVERY_SECONDS, signal);
  }
}
