/** Where the newcomer writes. Nothing that was typed is lost: what cannot be sent stays in the box, with a word why. */
import { make } from "./dom.js";
import { icon } from "./icon.js";

/** @typedef {import("./words.js").Words} Words */

/** Characters in a message at most, as the service counts them. */
export const LONGEST = 2000;
/** From so many characters before the end on, they are counted aloud. */
const COUNTED = 200;
const GROWS = !globalThis.CSS?.supports("field-sizing", "content");
const ARROW = "M4 12h15M13 5l7 7-7 7";

export class Composer {
  /** @param {(text: string) => void} send @param {(name: string) => void} tell Say a line of the catalogue.
   * @param {import("./memory.js").Memory} memory Keeps what is being written when the page is left. */
  constructor(send, tell, memory) {
    this.send = send;
    this.tell = tell;
    this.memory = memory;
    /** @type {Words | null} */
    this.words = null;
    this.box = make("textarea", { id: "question", rows: 1, dir: "auto", enterkeyhint: "send", autocomplete: "off", "aria-describedby": "length" });
    this.length = make("p", { id: "length", class: "length", role: "status" });
    this.label = make("label", { for: "question", class: "unseen" });
    this.button = make("button", { type: "submit", class: "send" }, make("span", { class: "send-word" }), icon(ARROW));
    this.element = make("form", { class: "composer", autocomplete: "off", novalidate: true }, this.label, this.length, this.box, this.button);
    this.box.value = memory.get("draft") ?? "";
    this.element.addEventListener("submit", (event) => this.#submit(event));
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("input", () => this.#changed());
    this.box.addEventListener("paste", (event) => this.#pasted(event));
  }

  /** @param {Words} words */
  speak(words) {
    this.words = words;
    this.label.textContent = words.say("question");
    this.box.placeholder = words.say("question");
    this.button.setAttribute("aria-label", words.say("send"));
    /** @type {HTMLElement} */ (this.button.firstElementChild).textContent = words.say("send");
    this.#changed();
  }

  /** Text that could not be sent comes back, before what was begun since. @param {string} text */
  giveBack(text) {
    this.box.value = [text, this.box.value].filter((each) => each.trim()).join("\n");
    this.#changed();
  }

  focus() {
    this.box.focus({ preventScroll: true });
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (!text) this.tell("empty");
    else if (count(text) > LONGEST) this.#changed();
    else {
      this.box.value = "";
      this.#changed();
      this.send(text);
    }
    this.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat) this.button.click();
  }

  #changed() {
    this.memory.set("draft", this.box.value || null);
    const left = LONGEST - count(this.box.value.trim());
    const name = left < 0 ? "chars_over" : "chars_left";
    this.length.textContent = left < COUNTED ? (this.words?.count(name, Math.abs(left)) ?? "") : "";
    this.length.toggleAttribute("data-over", left < 0);
    this.box.setAttribute("aria-invalid", String(left < 0));
    if (GROWS) {
      this.box.style.height = "auto";
      this.box.style.height = `${this.box.scrollHeight + 2}px`;
    }
  }

  /** @param {ClipboardEvent} event */
  #pasted(event) {
    if (!event.clipboardData?.files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    this.tell("no_files");
  }
}

/** As the service counts: characters of the composed form. */
const count = (/** @type {string} */ text) => (text.length < LONGEST - COUNTED ? text.length : [...text.normalize()].length);

/** Files that are dropped would make the browser leave the page. Here they are refused with a word.
 * @param {HTMLElement} around @param {() => void} refused */
export function refuseFiles(around, refused) {
  const carriesFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
  around.addEventListener("dragover", (event) => {
    if (!carriesFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
  });
  around.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    refused();
  });
}
