/** Messages on their way, in their order. They outlive a reload, and are given to the service until it has them. */

/** @typedef {import("./shapes.js").Outgoing} Outgoing */

const START = "out:";
const STAMP = 15;

export class Outbox {
  /** @param {import("./memory.js").Memory} memory */
  constructor(memory) {
    this.memory = memory;
    /** @type {Outgoing[]} What a full store did not take. */
    this.unkept = [];
    /** @type {Outgoing[]} */
    this.items = [];
    this.look();
  }

  get first() {
    return this.items[0];
  }

  /** @param {string} words What is shown. @param {{text: string} | {payload: string, title: string}} body */
  add(words, body) {
    const client_id = newId();
    // A clock may be set back while messages wait, and another tab may write at the same moment.
    const last = Number(this.items.at(-1)?.name.slice(START.length, START.length + STAMP) ?? 0);
    const name = `${START}${String(Math.max(Date.now(), last + 1)).padStart(STAMP, "0")}.${client_id}`;
    const item = { name, words, body: { ...body, client_id } };
    this.memory.set(name, item);
    if (!this.memory.get(name)) this.unkept.push(item);
    this.look();
    return item;
  }

  /** The service has it, or it is not wanted any more. @param {Outgoing} item */
  remove(item) {
    this.memory.set(item.name, null);
    this.unkept = this.unkept.filter(({ name }) => name !== item.name);
    this.look();
  }

  /** @param {Outgoing} item */
  holds(item) {
    return this.items.some(({ name }) => name === item.name);
  }

  clear() {
    for (const item of this.items) this.memory.set(item.name, null);
    this.items = this.unkept = [];
  }

  /** Whether the words of this button are on their way. @param {string} payload */
  has(payload) {
    return this.items.some(({ body }) => body.payload === payload);
  }

  /** Another tab may have added or sent some. */
  look() {
    const kept = /** @type {Outgoing[]} */ (this.memory.names(START).map((name) => this.memory.get(name)).filter(Boolean));
    const unkept = this.unkept.filter(({ name }) => !kept.some((item) => item.name === name));
    this.items = [...kept, ...unkept].sort((one, other) => (one.name < other.name ? -1 : 1));
  }
}

/** A page that is not served over https has no randomUUID. */
function newId() {
  return crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].join("-");
}
