/** What the person does about their case: takes a private link along, or withdraws it. */
import { confirm, tell } from "./dialogs.js";
import { make } from "./dom.js";
import { addressOf } from "./private-link.js";
import { copy } from "./take-along.js";

/** @typedef {import("./chat.js").Chat} Chat */

/** Whoever has the link has the conversation: that is said with it. @param {Chat} chat */
export async function copyLink(chat) {
  const { conversation, frame, notices, words } = chat;
  try {
    const address = addressOf(await conversation.case.furtherKey());
    const what = words.say("link_what");
    if (await copy(address)) notices.show(`${words.say("link_copied")} ${what}`);
    else tell(frame, words, words.say("link"), make("p", {}, what), make("p", { class: "address", dir: "ltr" }, address));
  } catch {
    notices.show(words.say("failed"), [[words.say("again"), () => copyLink(chat)]]);
  }
}

/** @param {Chat} chat */
export async function withdrawCase(chat) {
  const { composer, conversation, frame, notices, words } = chat;
  if (!(await confirm(frame, words, "withdraw", "withdraw_not"))) return;
  try {
    await conversation.case.withdraw();
  } catch {
    notices.show(words.say("failed"), [[words.say("again"), () => withdrawCase(chat)]]);
  }
  composer.focus();
}
