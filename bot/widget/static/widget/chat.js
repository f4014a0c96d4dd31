/** The chat inside `<elo-chat>`: puts its parts together and does what the person wants. */
import { abilities, privacyLines, welcome } from "./about.js";
import { Composer, refuseFiles } from "./composer.js";
import { Conversation } from "./conversation.js";
import { confirm, tell } from "./dialogs.js";
import { make } from "./dom.js";
import { Head, closeBeside } from "./head.js";
import { dress, loadWords } from "./load.js";
import { Log } from "./log.js";
import { Memory } from "./memory.js";
import { Jump, Notices, Writing } from "./notices.js";
import { languageFor, wishOf } from "./place.js";
import { asText, copy, download, share } from "./take-along.js";
import { applyTheme } from "./theme.js";

export { Panel } from "./panel.js";

/** @typedef {import("./shapes.js").Message} Message */
/** @typedef {import("./shapes.js").Outgoing} Outgoing */

export class Chat {
  /** The chat in an element of a page, dressed and in the right words. @param {HTMLElement} host */
  static async inside(host) {
    const memory = new Memory();
    const words = await loadWords("chat", languageFor(host, memory.get("language")));
    const chat = new Chat(host, memory, words);
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    await dress(root, "chat.css");
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
    /** Whether the person waits for a reply: then it comes in sight, wherever they are. */
    this.asked = false;
    this.atEnd = true;

    const panel = host.hasAttribute("panel");
    this.head = new Head({
      closable: panel,
      speak: (language) => this.speak(language),
      act: (deed) => this[deed](),
      close: () => this.close(),
    });
    this.welcome = make("div");
    this.log = new Log(make("div", { class: "log", role: "log", id: "log" }), () => this.#scroller(), {
      press: (payload, title) => this.press(payload, title),
      copy: (message) => this.copy(message),
      share: (message) => share(message.answer?.title ?? "", asText(message, this.words)),
    });
    this.writing = new Writing(() => this.words);
    this.jump = new Jump(() => this.log.toEnd());
    this.room = make("div", { class: "room", tabindex: 0, role: "region" }, this.welcome, this.log.element, this.writing.element, this.jump.element);
    this.notices = new Notices();
    this.composer = new Composer((text) => this.ask(text), (name) => this.notices.show(this.words.say(name)));
    this.sheet = make("div", { class: "sheet" }, this.head.element, this.room, this.notices.element, this.composer.element);
    this.frame = make("div", { class: "elo", role: panel ? null : "region" }, this.sheet);
    this.conversation = new Conversation(memory, () => this.#wishes(), this);

    for (const each of [this.room, this.sheet]) each.addEventListener("scroll", () => this.#scrolled());
    // A notice, or a keyboard on the screen, leaves less room: who was at the end stays there.
    new ResizeObserver(() => (this.asked || this.atEnd) && this.log.toEnd()).observe(this.room);
    // What is typed here is no business of the page around: its shortcuts do not hear it.
    for (const kind of ["keydown", "keyup", "keypress", "input", "paste"]) this.frame.addEventListener(kind, (event) => this.#keep(event));
    closeBeside(this.frame);
    refuseFiles(this.frame, () => this.notices.show(this.words.say("no_files")));
    this.#speak();
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
    addEventListener("offline", () => this.state("reconnecting"), { signal });
    for (const scheme of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(scheme).addEventListener("change", () => this.#colour(), { signal });
    }
    this.conversation.resume();
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
    this.#seen();
  }

  close() {
    this.host.dispatchEvent(new CustomEvent("elo-close"));
  }

  // --- what the person does ------------------------------------------------------------------------------------------

  /** @param {string} text */
  ask(text) {
    this.#clearNotice();
    this.conversation.say(text, { text });
    this.#dress();
  }

  /** A button of a message; a second press while the first is on its way does nothing. @param {string} payload @param {string} title */
  press(payload, title) {
    if (this.conversation.outbox.has(payload)) return;
    this.#clearNotice();
    this.conversation.say(title, { payload, title: title.slice(0, 200) });
  }

  /** @param {string} language */
  async speak(language) {
    if (language === this.words.language) return;
    this.memory.set("language", language);
    this.words = await loadWords("chat", language).catch(() => this.words);
    if (this.words.language !== language) return this.notices.show(this.words.say("reconnecting"));
    this.#speak();
    await this.log.loud; // the reply is to be read aloud, other than the old messages in new words
    if (this.conversation.key) this.press(`/change_language{"language":"${language}"}`, this.head.language.textContent ?? language);
  }

  /** @param {Message} message */
  async copy(message) {
    this.notices.show(this.words.say((await copy(asText(message, this.words))) ? "copied" : "not_copied"));
  }

  about() {
    tell(this.frame, this.words, this.words.say("about"), abilities(this.words), this.#privacy());
  }

  start_over() {
    this.conversation.startOver();
    this.notices.show(this.words.say("started_over"), [[this.words.say("back_to_earlier"), () => this.#goBack()]]);
    this.composer.focus();
  }

  download() {
    download(this.log.all, this.words);
  }

  async erase() {
    if (!(await confirm(this.frame, this.words, "erase"))) return;
    try {
      await this.conversation.erase();
      this.notices.show(this.words.say("erased"));
    } catch {
      this.notices.show(this.words.say("failed"), [[this.words.say("again"), () => this.erase()]]);
    }
    this.composer.focus();
  }

  // --- what the conversation tells -----------------------------------------------------------------------------------

  /** @param {Message[]} messages @param {boolean} quietly */
  show(messages, quietly) {
    const near = this.log.nearEnd;
    const shown = this.log.show(messages, quietly);
    this.#dress();
    if (!shown.length) return;
    if (this.log.waiting.size && quietly) this.log.toEnd();
    else if (near || quietly || this.asked) this.log.read(shown[quietly ? shown.length - 1 : 0]);
    else this.jump.show(this.words.say("jump"));
    if (quietly) return;
    this.asked = false;
    this.#count(shown.length);
  }

  /** @param {Outgoing} item */
  expect(item) {
    this.log.expect(item);
    this.asked = true;
    this.jump.hide();
    if (this.notices.element.dataset.state) this.state(/** @type {"reconnecting" | "busy"} */ (this.notices.element.dataset.state));
    this.#dress();
  }

  /** @param {Outgoing} item */
  forget(item) {
    this.log.forget(item);
    this.#dress();
  }

  /** @param {Outgoing} item */
  refuse(item) {
    this.log.forget(item);
    if (item.body.text) this.composer.giveBack(item.body.text);
    this.notices.show(`${this.words.say("not_sent")} ${this.words.say("unreadable")}`);
    this.#dress();
  }

  /** @param {Outgoing} item */
  stuck(item) {
    const why = `${this.words.say("not_sent")} ${this.words.say("failed")}`;
    this.log.stuck(item, why, () => this.#again(), () => this.#drop(item));
  }

  clear() {
    this.log.clear();
    if (!this.conversation.outbox.first) this.log.empties();
    this.notices.hide();
    this.#dress();
  }

  gone() {
    this.writing.hide();
    delete this.notices.element.dataset.state;
    const waits = Boolean(this.conversation.outbox.first);
    const again = () => (waits ? this.#again() : this.conversation.startOver());
    this.notices.show(this.words.say("gone"), [[this.words.say(waits ? "send_to_new" : "new_conversation"), () => {
      this.notices.hide();
      again();
      this.composer.focus();
    }]]);
    this.#dress();
  }

  /** @param {"quiet" | "sending" | "reconnecting" | "busy"} state */
  state(state) {
    this.writing.show(state === "sending");
    if (state === "reconnecting" || state === "busy") {
      const waiting = this.conversation.outbox.items.length;
      const line = state === "busy" ? "busy" : navigator.onLine ? "reconnecting" : "offline";
      this.notices.show([this.words.say(line), waiting > 1 && this.words.count("waiting", waiting)].filter(Boolean).join(" "));
      this.notices.element.dataset.state = state;
    } else if (state === "quiet" && this.notices.element.dataset.state) {
      delete this.notices.element.dataset.state;
      this.notices.hide();
    }
  }

  // --- inside --------------------------------------------------------------------------------------------------------

  #again() {
    this.conversation.hurry();
    this.composer.focus();
  }

  /** @param {Outgoing} item */
  #drop(item) {
    this.conversation.drop(item);
    if (item.body.text) this.composer.giveBack(item.body.text);
    this.composer.focus();
  }

  async #goBack() {
    this.notices.hide();
    await this.conversation.goBack();
    this.composer.focus();
  }

  /** @param {string} name */
  #changedElsewhere(name) {
    if (name === "language") {
      const language = languageFor(this.host, this.memory.get("language"));
      loadWords("chat", language).then((words) => {
        this.words = words;
        this.#speak();
      });
    }
    this.conversation.changedElsewhere(name);
  }

  #wishes() {
    return { language: this.#asked(), municipality: wishOf(this.host, "municipality"), audience: wishOf(this.host, "audience") };
  }

  /** The language to begin in: a page may ask for one that the guide answers in and the widget does not speak. */
  #asked() {
    const asked = this.memory.get("language") ?? wishOf(this.host, "lang");
    return /^[a-z]{2,3}$/.test(asked ?? "") ? asked : this.words.language;
  }

  #speak() {
    const { words, frame } = this;
    frame.lang = words.language;
    frame.dir = words.dir;
    frame.setAttribute("aria-label", words.say("name"));
    this.room.setAttribute("aria-label", words.say("conversation"));
    this.log.element.setAttribute("aria-label", words.say("conversation"));
    this.head.speak(words);
    this.composer.speak(words);
    this.log.redraw(words);
    this.welcome.replaceChildren(welcome(words, this.memory.agreed, (yes) => this.#remember(yes), (text) => {
      this.ask(text);
      this.#focus(this.room);
    }));
    this.#dress();
    this.host.dispatchEvent(new CustomEvent("elo-language", { detail: { language: words.language, dir: words.dir } }));
  }

  #privacy() {
    return privacyLines(this.words, this.memory.agreed, (yes) => this.#remember(yes));
  }

  /** @param {boolean} yes */
  #remember(yes) {
    this.memory.agreed = yes;
    for (const each of this.frame.querySelectorAll("input.remember")) /** @type {HTMLInputElement} */ (each).checked = this.memory.agreed;
  }

  /** What is seen, and what can be done, just now. */
  #dress() {
    this.welcome.hidden = !this.log.empty;
    this.head.allow(!this.log.empty, this.conversation?.erasable);
  }

  #colour() {
    const wished = wishOf(this.host, "theme");
    const scheme = wished === "dark" || wished === "light" ? wished : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    this.frame.dataset.scheme = scheme;
    applyTheme(this.frame, scheme);
  }

  /** Nobody looks: the button tells how many came. @param {number} came */
  #count(came) {
    if (this.host.hasAttribute("panel") && !this.host.closest("dialog")?.open) {
      this.unread += came;
      this.host.dispatchEvent(new CustomEvent("elo-unread", { detail: this.unread }));
    }
  }

  #seen() {
    this.unread = 0;
    this.host.dispatchEvent(new CustomEvent("elo-unread", { detail: 0 }));
  }

  /** What was told before goes, save what the connection is about. */
  #clearNotice() {
    if (!this.notices.element.dataset.state) this.notices.hide();
  }

  #scrolled() {
    this.atEnd = this.log.fromEnd < 4;
    if (this.log.nearEnd) this.jump.hide();
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

  /** With little height all of the chat scrolls, else the messages alone. @returns {HTMLElement} */
  #scroller() {
    return getComputedStyle(this.room).overflowY === "visible" ? this.sheet : this.room;
  }
}
