/** The element `<elo-chat>`. What it shows is loaded when the element is on a page, so that a button alone stays light. */

export class EloChat extends HTMLElement {
  /** @type {Promise<import("./chat.js").Chat> | null} */
  #chat = null;

  connectedCallback() {
    this.#chat ??= import("./chat.js").then(({ Chat }) => Chat.inside(this));
    this.#chat.then((chat) => this.isConnected && chat.wake());
  }

  disconnectedCallback() {
    this.#chat?.then((chat) => this.isConnected || chat.rest());
  }

  /** Resolves when the chat can be used, and rejects when it could not be loaded. */
  get ready() {
    return /** @type {Promise<import("./chat.js").Chat>} */ (this.#chat);
  }
}
