/** ELO Guide on any page: `<script type="module" src="https://host/widget.js" data-municipality="kitee" data-lang="fi">`. */
import { EloButton } from "./widget/button.js";
import { EloChat } from "./widget/element.js";

if (!customElements.get("elo-chat")) {
  customElements.define("elo-chat", EloChat);
  customElements.define("elo-button", EloButton);
  if (!document.querySelector("elo-chat, elo-button")) document.body.append(document.createElement("elo-button"));
}
