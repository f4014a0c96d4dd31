/** The full page follows the language of the chat that it holds. */

addEventListener("elo-language", (event) => {
  const { detail } = /** @type {CustomEvent<{language: string, dir: string}>} */ (event);
  document.documentElement.lang = detail.language;
  document.documentElement.dir = detail.dir;
}, true);
