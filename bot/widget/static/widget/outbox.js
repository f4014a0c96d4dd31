/** Messages on their way, in their order. They outlive a reload, and are given to the service until it has them. */

/** @typedef {import("./shapes.js").Outgoing} Outgoing */

const START = "out:";
let made = 0;

export class Outbox {
  /** @param {import("./memory.js").Memory} memory */
  constructor(memory) {
    this.memory = memory;
    this.items = this.#remembered();
  }

  get first() {
    return this.items[0];
  }

  /** @param {string} words What is shown. @param {{text: string} | {payload: string, title: string}} body */
  add(words, body) {
    const name = `${START}${String(Date.now()).padStart(15, "0")}.${String(made++).padStart(5, "0")}`;
    const item = { name, words, body: { ...body, client_id: newId() } };
    this.items.push(item);
    this.memory.set(name, item);
    return item;
  }

  /** The service has it, or it is not wanted any more. @param {Outgoing} item */
  remove(item) {
    this.items = this.items.filter(({ name }) => name !== item.name);
    this.memory.set(item.name, null);
  }

  clear() {
    for (const item of this.items) this.memory.set(item.name, null);
    this.items = [];
  }

  /** Whether the words of this button are on their way. @param {string} payload */
  has(payload) {
    return this.items.some(({ body }) => body.payload === payload);
  }

  /** Another tab added or sent some. */
  look() {
    this.items = this.#remembered();
  }

  #remembered() {
    return /** @type {Outgoing[]} */ (this.memory.names(START).map((name) => this.memory.get(name)).filter(Boolean));
  }
}

/** A page that is not served over https has no randomUUID. */
function newId() {
  return crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].join("-");
}
