/** The chat inside `<elo-chat>`: puts its parts together and does what the person wants. */
import { abilities, privacyLines, welcome } from "./about.js";
import { continueInTelegram, copyLink, withdrawCase } from "./deeds.js";
import { Composer, refuseFiles } from "./composer.js";
import { Conversation } from "./conversation.js";
import { confirm, tell } from "./dialogs.js";
import { make } from "./dom.js";
import { Handoff } from "./handoff.js";
import { Head, closeBeside } from "./head.js";
import { dress, loadWords } from "./load.js";
import { Memory } from "./memory.js";
import { Notices } from "./notices.js";
import { languageFor, wishOf } from "./place.js";
import { keyInAddress } from "./private-link.js";
import { Room } from "./room.js";
import { asText, copy, download, share } from "./take-along.js";
import { applyTheme } from "./theme.js";
import { View } from "./view.js";

export { Panel } from "./panel.js";

/** How often what depends on the hour is told anew. */
const LOOK_MS = 60000;

export class Chat {
  /** The chat in an element of a page, dressed and in the right words. @param {HTMLElement} host */
  static async inside(host) {
    const memory = new Memory();
    const words = await loadWords("chat", languageFor(host, memory.get("language")));
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    await dress(root, "chat.css");
    const chat = new Chat(host, memory, words);
    root.append(chat.frame);
    chat.#colour();
    return chat;
  }

  /** @param {HTMLElement} host @param {Memory} memory @param {import("./words.js").Words} words */
  constructor(host, memory, words) {
    this.host = host;
    this.memory = memory;
    this.words = words;
    /** @type {AbortController | null} Ends what is listened to while the element is on the page. */
    this.awake = null;
    this.unread = 0;
    /** The language that is wished last: its words may still be on their way. */
    this.wished = words.language;

    const panel = host.hasAttribute("panel");
    const say = () => this.words;
    this.head = new Head({
      closable: panel,
      speak: (language) => this.speak(language),
      act: (deed) => this[deed](),
      close: () => this.close(),
    });
    this.bar = new Handoff({ link: () => this.attempt(() => copyLink(this)), withdraw: () => withdrawCase(this) });
    this.room = new Room(say, {
      press: (payload, title) => this.press(payload, title),
      copy: (message) => this.copy(message),
      share: (message) => share(message.answer?.title ?? "", asText(message, this.words)),
    });
    this.notices = new Notices();
    this.composer = new Composer((text) => this.ask(text), (name) => this.notices.show(this.words.say(name)), memory);
    this.conversation = new Conversation(memory, () => this.#wishes(), new View({
      words: say,
      room: this.room,
      notices: this.notices,
      composer: this.composer,
      bar: this.bar,
      changed: () => this.#allow(),
      came: (count) => this.#count(count),
      again: () => this.#goOn(() => this.conversation.hurry()),
      drop: (item) => this.#goOn(() => this.#drop(item)),
      startOver: () => this.#goOn(() => this.conversation.startOver()),
      goBack: () => this.#goOn(() => this.conversation.goBack()),
      remember: () => this.#goOn(() => this.#remember(true)),
    }));
    this.sheet = make("div", { class: "sheet" },
      this.head.element, this.bar.element, this.room.element, this.notices.element, this.composer.element);
    this.frame = make("div", { class: "elo", role: panel ? null : "region" }, this.sheet);

    this.sheet.addEventListener("scroll", () => this.room.scrolled());
    // What is typed here is no business of the page around: its shortcuts do not hear it.
    for (const kind of ["keydown", "keyup", "keypress", "input", "paste"]) this.frame.addEventListener(kind, (event) => this.#keep(event));
    closeBeside(this.frame);
    refuseFiles(this.frame, () => this.notices.show(this.words.say("no_files")));
    this.#speak(words);
  }

  // --- on the page and away ------------------------------------------------------------------------------------------

  /** The element is on the page. */
  wake() {
    if (this.awake) return;
    this.awake = new AbortController();
    const { signal } = this.awake;
    this.memory.watch((name) => this.#changedElsewhere(name), signal);
    document.addEventListener("visibilitychange", () => this.conversation.seen(), { signal });
    addEventListener("online", () => this.conversation.hurry(), { signal });
    addEventListener("hashchange", () => this.#followLink(), { signal });
    addEventListener("offline", () => this.conversation.view.state("reconnecting"), { signal });
    for (const scheme of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(scheme).addEventListener("change", () => this.#colour(), { signal });
    }
    const timer = setInterval(() => this.room.log.lookAtClock(), LOOK_MS);
    signal.addEventListener("abort", () => clearInterval(timer));
    if (!this.#followLink()) this.conversation.resume();
  }

  /** The element was taken from the page. */
  rest() {
    this.awake?.abort();
    this.awake = null;
    this.conversation.rest();
  }

  /** Where the reader begins: the box, or the title where a keyboard would come up on the screen and hide the words. */
  focus() {
    this.#focus(this.head.title);
    this.#tellUnread(0);
  }

  close() {
    this.host.dispatchEvent(new CustomEvent("elo-close"));
  }

  // --- what the person does ------------------------------------------------------------------------------------------

  /** @param {string} text */
  ask(text) {
    this.notices.pass();
    this.conversation.say(text, { text });
  }

  /** A button of a message; a second press while the first is on its way does nothing. @param {string} payload @param {string} title */
  press(payload, title) {
    if (this.conversation.outbox.has(payload)) return;
    this.notices.pass();
    this.conversation.say(title, { payload, title: title.slice(0, 200) });
  }

  /** @param {string} language */
  async speak(language) {
    if (language !== this.words.language && !(await this.#load(language))) return;
    this.memory.set("language", language);
    await this.room.log.loud; // the reply is to be read aloud, other than the old messages in new words
    if (this.conversation.key) this.press(`/change_language{"language":"${language}"}`, this.head.language.textContent ?? language);
  }

  /** @param {import("./shapes.js").Message} message */
  async copy(message) {
    this.notices.show(this.words.say((await copy(asText(message, this.words))) ? "copied" : "not_copied"));
  }

  about() {
    tell(this.frame, this.words, this.words.say("about"), abilities(this.words),
      privacyLines(this.words, this.memory.agreed, (yes) => this.#remember(yes)));
  }

  start_over() {
    const unsent = this.#unsent;
    this.conversation.startOver();
    this.composer.giveBack(unsent);
    this.conversation.view.replaced();
    this.composer.focus();
  }

  download() {
    download(this.room.log.all, this.words);
  }

  telegram() {
    return this.attempt(() => continueInTelegram(this));
  }

  async erase() {
    if (!(await confirm(this.frame, this.words, "erase"))) return;
    await this.attempt(async () => {
      await this.conversation.erase();
      this.notices.show(this.words.say("erased"));
    });
    this.composer.focus();
  }

  /** Do what needs the service. When it does not work, the person is told so and may try again. @param {() => Promise<void>} deed */
  async attempt(deed) {
    try {
      await deed();
    } catch {
      this.notices.show(this.words.say("failed"), [[this.words.say("again"), () => this.#goOn(() => this.attempt(deed))]]);
    }
  }

  // --- inside --------------------------------------------------------------------------------------------------------

  /** A button of a notice or message was pressed, and goes: the person goes on in the box. @param {() => void} deed */
  #goOn(deed) {
    this.notices.pass();
    deed();
    this.composer.focus();
  }

  /** Take up the conversation of a private link that the address carries. @returns {boolean} Whether it carries one. */
  #followLink() {
    const key = keyInAddress();
    if (!key) return false;
    const unsent = key.id === this.conversation.keys.kept?.id ? "" : this.#unsent;
    this.conversation.comeBack(key);
    this.composer.giveBack(unsent);
    return true;
  }

  /** What waits to be sent. */
  get #unsent() {
    return this.conversation.outbox.items.map(({ body }) => body.text ?? "").filter(Boolean).join("\n");
  }

  /** @param {import("./shapes.js").Outgoing} item */
  #drop(item) {
    this.conversation.drop(item);
    this.composer.giveBack(item.body.text ?? "");
  }

  /** @param {string} name */
  #changedElsewhere(name) {
    if (name === "language") this.#load(languageFor(this.host, this.memory.get("language")));
    if (name === "remember") {
      if (!this.memory.agreed) this.memory.set("language", this.words.language);
      this.#tick();
    }
    this.conversation.changedElsewhere(name);
  }

  #wishes() {
    return { language: this.#asked(), municipality: wishOf(this.host, "municipality"), audience: wishOf(this.host, "audience") };
  }

  /** The language to begin in: a page may ask for one that the guide answers in and the widget does not speak. */
  #asked() {
    const asked = this.memory.get("language") ?? wishOf(this.host, "lang");
    return /^([a-z]{2,3}|fi-easy)$/.test(asked ?? "") ? asked : this.words.language;
  }

  /** Speak another language, unless yet another is wished meanwhile. @param {string} language @returns {Promise<boolean>} Whether it is new. */
  async #load(language) {
    this.wished = language;
    if (language === this.words.language) return false;
    const words = await loadWords("chat", language).catch(() => null);
    if (this.wished !== language) return false;
    if (words) this.#speak(words);
    else this.notices.show(this.words.say("reconnecting"));
    return words !== null;
  }

  /** @param {import("./words.js").Words} words */
  #speak(words) {
    this.words = words;
    const { frame } = this;
    frame.lang = words.tag;
    frame.dir = words.dir;
    frame.setAttribute("aria-label", words.say("name"));
    this.head.speak(words);
    this.bar.speak(words);
    this.composer.speak(words);
    this.room.speak(words, welcome(words, this.memory.agreed, (yes) => this.#remember(yes), (text) => {
      this.ask(text);
      this.#focus(this.room.element);
    }));
    this.#allow();
    this.host.dispatchEvent(new CustomEvent("elo-language", { detail: { language: words.tag, dir: words.dir } }));
  }

  /** @param {boolean} yes */
  #remember(yes) {
    this.memory.agreed = yes;
    this.#tick();
  }

  #tick() {
    for (const each of this.frame.querySelectorAll("input.remember")) /** @type {HTMLInputElement} */ (each).checked = this.memory.agreed;
  }

  /** What is seen, and what can be done, just now. */
  #allow() {
    const { empty } = this.room.log;
    this.room.welcome.hidden = !empty;
    this.head.allow(!empty, this.conversation.erasable);
  }

  #colour() {
    const wished = wishOf(this.host, "theme");
    const scheme = wished === "dark" || wished === "light" ? wished : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    this.frame.dataset.scheme = scheme;
    applyTheme(this.frame, scheme);
  }

  /** Nobody looks: the button tells how many came. @param {number} came */
  #count(came) {
    if (this.host.hasAttribute("panel") && !this.host.closest("dialog")?.open) this.#tellUnread(this.unread + came);
  }

  /** @param {number} unread */
  #tellUnread(unread) {
    this.unread = unread;
    this.host.dispatchEvent(new CustomEvent("elo-unread", { detail: unread }));
  }

  /** Escape is for the panel around, where there is one. @param {Event} event */
  #keep(event) {
    if (!(event instanceof KeyboardEvent && event.key === "Escape" && this.host.hasAttribute("panel"))) event.stopPropagation();
  }

  /** The box, or where a keyboard would come up on the screen the other place. @param {HTMLElement} other */
  #focus(other) {
    if (matchMedia("(pointer: coarse)").matches) other.focus({ preventScroll: true });
    else this.composer.focus();
  }
}
