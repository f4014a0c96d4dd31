/** What the person does beside talking: takes a private link along, goes on in Telegram, or withdraws their case. */
import { telegramLink } from "./calls.js";
import { confirm, tell } from "./dialogs.js";
import { make } from "./dom.js";
import { addressOf } from "./private-link.js";
import { link, newTab } from "./safe-html.js";
import { copy } from "./take-along.js";

/** @typedef {import("./chat.js").Chat} Chat */

/** Whoever has the link has the conversation: that is said with it. Throws `Problem`. @param {Chat} chat */
export async function copyLink({ conversation, frame, notices, words }) {
  const address = addressOf(await conversation.case.furtherKey());
  const what = words.say("link_what");
  if (await copy(address)) notices.show(`${words.say("link_copied")} ${what}`);
  else tell(frame, words, words.say("link"), make("p", {}, what), make("p", { class: "address", dir: "ltr" }, address));
}

/** The link is opened at once where the browser allows that, and stays to be pressed. Throws `Problem`. @param {Chat} chat */
export async function continueInTelegram({ conversation, notices, words }) {
  const { url } = await telegramLink(/** @type {import("./shapes.js").Key} */ (conversation.key));
  const open = link(url, words.say("telegram_open"), newTab(words));
  open.className = "choice";
  notices.show(words.say("telegram_holds"));
  notices.deeds.append(open);
  open.click();
}

/** @param {Chat} chat */
export async function withdrawCase(chat) {
  if (!(await confirm(chat.frame, chat.words, "withdraw", "withdraw_not"))) return;
  await chat.attempt(() => chat.conversation.case.withdraw());
  chat.composer.focus();
}
