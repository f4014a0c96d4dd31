/** The element `<elo-chat>`. What it shows is loaded when the element is on a page, so that a button alone stays light. */

export class EloChat extends HTMLElement {
  /** @type {Promise<import("./chat.js").Chat> | null} */
  #chat = null;

  connectedCallback() {
    this.#chat ??= import("./chat.js").then(({ Chat }) => Chat.inside(this));
    this.#chat.then((chat) => this.isConnected && chat.wake(), (error) => {
      // What stands inside the element stays in sight, and the next time it is put on a page it tries again.
      this.#chat = null;
      console.warn(`ELO Guide: ${error.message}`);
    });
  }

  disconnectedCallback() {
    this.#chat?.then((chat) => this.isConnected || chat.rest(), () => {});
  }

  /** Resolves when the chat can be used, and rejects when it could not be loaded. */
  get ready() {
    return this.#chat ?? Promise.reject(new Error("not loaded"));
  }
}
