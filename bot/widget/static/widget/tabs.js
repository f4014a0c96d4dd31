/** Tabs of one browser that share what they remember. */

/** Longer than this a tab does not wait for another: that one may sleep. What both send is one turn all the same. */
const PATIENCE_MS = 5000;

/** Tabs that share what they remember send one after the other, so that the order stays and one conversation begins.
 * @param {boolean} shared @param {() => Promise<void>} work */
export async function oneTabAtATime(shared, work) {
  if (!shared || !navigator.locks) return work();
  const tired = new AbortController();
  const timer = setTimeout(() => tired.abort(), PATIENCE_MS);
  const begun = () => {
    clearTimeout(timer);
    return work();
  };
  return navigator.locks.request("elo-guide", { signal: tired.signal }, begun).catch((error) => {
    if (error.name !== "AbortError") throw error;
    return work();
  });
}
