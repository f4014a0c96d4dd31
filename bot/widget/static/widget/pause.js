/** Waiting between attempts. */

const LONGEST_SECONDS = 30;

/** Seconds before the next attempt: 1, 2, 4 … 30, with a little chance, so that many visitors do not come all at once. */
export const backOff = (/** @type {number} */ failures, atLeast = 0) =>
  Math.max(atLeast, Math.min(2 ** failures, LONGEST_SECONDS)) * (1 + Math.random() / 4);

/** Resolves after so many seconds, at once when the browser is back online, or when the signal says so.
 * @param {number} seconds @param {AbortSignal} signal @returns {Promise<void>} */
export function pause(seconds, signal) {
  return new Promise((done) => {
    const over = new AbortController();
    const end = () => {
      clearTimeout(timer);
      over.abort();
      done();
    };
    const timer = setTimeout(end, seconds * 1000);
    addEventListener("online", end, { signal: over.signal });
    signal.addEventListener("abort", end, { signal: over.signal });
    if (signal.aborted) end();
  });
}
