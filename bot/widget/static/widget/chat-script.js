/** The script of the chat. After a failure it is asked for by another name: browsers remember that one could not be loaded. */

/** @type {Promise<typeof import("./chat.js")> | null} */
let chatScript = null;
let failures = 0;

/** The script, once for all elements. */
export const loadChat = () =>
  (chatScript ??= import(`./chat.js${failures ? `?${failures}` : ""}`).catch((error) => {
    chatScript = null;
    failures++;
    throw error;
  }));
