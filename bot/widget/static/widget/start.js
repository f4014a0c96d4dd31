/** What a page gets at first: the elements, and a button where the page holds none of them. */
import { EloButton } from "./button.js";
import { EloChat } from "./element.js";

if (!customElements.get("elo-chat")) {
  customElements.define("elo-chat", EloChat);
  customElements.define("elo-button", EloButton);
  const addButton = () => document.querySelector("elo-chat, elo-button") || document.body.append(document.createElement("elo-button"));
  // A script that does not wait its turn (async) may come before the page is read.
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", addButton);
  else addButton();
}
