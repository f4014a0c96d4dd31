/** Gives a shadow root its styles without a style element, so that a page's Content-Security-Policy need not allow one. */

/** @param {ShadowRoot} root @param {string} name A style sheet beside this file. */
export async function dress(root, name) {
  const response = await fetch(new URL(name, import.meta.url), { credentials: "omit" });
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  const text = await response.text();
  if ("adoptedStyleSheets" in root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.adoptedStyleSheets = [sheet];
  } else {
    // Browsers before 2023.
    const element = document.createElement("style");
    element.textContent = text;
    /** @type {ShadowRoot} */ (root).prepend(element);
  }
}
