/**
 * What the browser remembers. Until the person agrees only the tab does (sessionStorage), afterwards the device
 * (localStorage). A browser that keeps nothing still talks.
 */
import { PREFIX, readFrom, storeOf } from "./recall.js";

const AGREED = "remember";

export class Memory {
  /** Whether the person agreed that the device remembers. */
  get agreed() {
    return readFrom(localStore(), AGREED) !== null;
  }

  /**
   * Take what is remembered along: to the device when the person agrees, back to the tab when not any more. A device that
   * cannot keep all of it keeps none. Other tabs learn of an agreement after the rest, and that it is taken back before.
   */
  set agreed(/** @type {boolean} */ yes) {
    if (yes === this.agreed) return;
    const [from, to] = yes ? [tabStore(), localStore()] : [localStore(), tabStore()];
    const moved = names(from).filter((name) => name !== AGREED && !TAB_ONLY.has(name));
    for (const name of moved) write(to, name, readFrom(from, name));
    if (!yes || moved.every((name) => readFrom(to, name) !== null)) write(localStore(), AGREED, yes || null);
    const left = yes && !this.agreed ? to : from;
    for (const name of moved) write(left, name, null);
  }

  /** The person agreed in another tab: the device gets what this one has, too, where it has nothing of its own. */
  adopt() {
    const [from, to] = [tabStore(), localStore()];
    for (const name of names(from).filter((each) => !TAB_ONLY.has(each))) {
      const [own, there] = [readFrom(from, name), readFrom(to, name)];
      write(to, name, Array.isArray(own) && Array.isArray(there) ? [...own, ...there] : (there ?? own));
      write(from, name, null);
    }
  }

  /** @param {string} name @returns {any} What was kept under the name, or null. */
  get(name) {
    return readFrom(this.#store(name), name);
  }

  /** Keep a value; null forgets it. @param {string} name @param {unknown} value */
  set(name, value) {
    write(this.#store(name), name, value);
  }

  /** The names that begin so, in order. @param {string} start */
  names(start) {
    return names(this.#store(start)).filter((name) => name.startsWith(start)).sort();
  }

  /** Call when another tab changed something. @param {(name: string) => void} changed @param {AbortSignal} signal */
  watch(changed, signal) {
    const told = (/** @type {StorageEvent} */ { key, storageArea }) => {
      if (storageArea === localStore() && key?.startsWith(PREFIX)) changed(key.slice(PREFIX.length));
    };
    addEventListener("storage", told, { signal });
  }

  /** @param {string} name */
  #store(name) {
    return this.agreed && !TAB_ONLY.has(name) ? localStore() : tabStore();
  }
}

/** Whether the chat stands open, and what is being written, is a matter of each tab. */
const TAB_ONLY = new Set(["open", "draft"]);

const elsewhere = /** @type {Map<string, string>} */ (new Map());
/** Takes the place of a store that the browser denies: it lasts as long as the page. */
const fallback = /** @type {Storage} */ (/** @type {unknown} */ ({
  get length() { return elsewhere.size; },
  key: (/** @type {number} */ at) => [...elsewhere.keys()][at] ?? null,
  getItem: (/** @type {string} */ key) => elsewhere.get(key) ?? null,
  setItem: (/** @type {string} */ key, /** @type {string} */ value) => elsewhere.set(key, value),
  removeItem: (/** @type {string} */ key) => elsewhere.delete(key),
}));

const localStore = () => storeOf("localStorage");
const tabStore = () => storeOf("sessionStorage") ?? fallback;

/** @param {Storage | null} to @param {string} name @param {unknown} value */
function write(to, name, value) {
  try {
    if (value === null) to?.removeItem(PREFIX + name);
    else to?.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full, or not allowed: the conversation goes on, and a reload begins a new one.
  }
}

/** @param {Storage | null} from */
function names(from) {
  const keys = Array.from({ length: from?.length ?? 0 }, (_, at) => from?.key(at) ?? "");
  return keys.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
}
