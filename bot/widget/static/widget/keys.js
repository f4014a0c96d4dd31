/** The keys of conversations: of the one that goes on, and of those set aside, which can be taken up again and are erased with it. */

/** @typedef {import("./shapes.js").Key} Key */

export class Keys {
  /** @param {import("./memory.js").Memory} memory */
  constructor(memory) {
    this.memory = memory;
  }

  /** @returns {Key | null} What is remembered: another tab may have changed it. */
  get kept() {
    return this.memory.get("key");
  }

  set kept(key) {
    this.memory.set("key", key);
  }

  /** @returns {Key[]} The oldest first. */
  get earlier() {
    return this.memory.get("earlier") ?? [];
  }

  /** Another conversation takes its place. @param {Key | null} key */
  setAside(key) {
    if (key) this.memory.set("earlier", [...this.earlier.filter(({ id }) => id !== key.id), key]);
  }

  /** Another conversation is taken up; the one that goes on can be gone back to. @param {Key} key */
  takeUp(key) {
    this.setAside(this.kept);
    const others = this.earlier.filter(({ id }) => id !== key.id);
    this.memory.set("earlier", others.length ? others : null);
    this.kept = key;
  }

  /** The last that was set aside; the one that goes on takes its place. @param {Key | null} current */
  takeBack(current) {
    const earlier = this.earlier;
    const key = earlier.pop() ?? null;
    if (key) this.memory.set("earlier", current ? [current, ...earlier] : earlier);
    return key;
  }

  forget() {
    this.memory.set("earlier", null);
  }
}
