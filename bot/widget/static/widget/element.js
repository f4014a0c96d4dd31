/** The element `<elo-chat>`. What it shows is loaded when the element is on a page, so that a button alone stays light. */
import { loadChat } from "./chat-script.js";

export class EloChat extends HTMLElement {
  /** @type {Promise<import("./chat.js").Chat> | null} */
  #chat = null;

  connectedCallback() {
    this.#chat ??= loadChat().then(({ Chat }) => Chat.inside(this));
    this.#chat.then((chat) => this.isConnected && chat.wake(), (error) => {
      // What stands inside the element stays in sight. It tries again when it is put on a page, or the connection is back.
      this.#chat = null;
      addEventListener("online", () => this.isConnected && this.connectedCallback(), { once: true });
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
