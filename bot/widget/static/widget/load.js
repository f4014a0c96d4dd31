/** Loads what stands beside the scripts: style sheets and words. */
import { Words } from "./words.js";

/** @param {string} name */
async function fetched(name) {
  const response = await fetch(new URL(name, import.meta.url), { credentials: "omit" });
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response;
}

/** The catalogue of a part, `button` or `chat`. @param {"button" | "chat"} part @param {string} language */
export async function loadWords(part, language) {
  return new Words(language, await (await fetched(`${part}-${language}.json`)).json());
}

/**
 * Gives a shadow root its styles without a style element, so that a page's Content-Security-Policy need not allow one.
 * @param {ShadowRoot} root @param {string[]} names Style sheets.
 */
export async function dress(root, ...names) {
  for (const text of await Promise.all(names.map(async (name) => (await fetched(name)).text()))) {
    if ("adoptedStyleSheets" in root) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    } else {
      // Browsers before 2023.
      const element = document.createElement("style");
      element.textContent = text;
      /** @type {ShadowRoot} */ (root).append(element);
    }
  }
}
