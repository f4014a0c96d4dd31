/** The chat page: begins and keeps a conversation, sends, shows, erases. */
import * as api from "./api.js";
import { follow } from "./events.js";
import { button, make, messageElement, newcomerElement } from "./message.js";
import "./menus.js";
import { WORDS, say } from "./texts.js";

/** @typedef {{body: Record<string, string>, element: HTMLElement}} Outgoing A message on its way. */

const LONGEST = 2000;
const KEPT = "elo-guide";
const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const [log, writing, welcome, composer, send] = ["log", "writing", "welcome", "composer", "send"].map(find);
const input = /** @type {HTMLTextAreaElement} */ (find("question"));
const dialog = /** @type {HTMLDialogElement} */ (find("erase-dialog"));
const room = /** @type {HTMLElement} */ (log.parentElement);
const kept = recall();

/** @type {string} */ let language = kept.language ?? navigator.languages.map((each) => each.slice(0, 2)).find((each) => each in WORDS) ?? "en";
/** @type {api.Key | null} */ let key = kept.key ?? null;
/** @type {Map<string, Outgoing>} */ const outgoing = new Map();
let queue = Promise.resolve();
let stop = () => "0";
let answering = 0;

// --- what is kept, so that a reload shows the conversation -----------------------------------------------------------

function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}

function keep() {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ key, language }));
  } catch {
    // A browser that keeps nothing still talks.
  }
  /** @type {HTMLButtonElement} */ (find("erase")).disabled = !key;
}

// --- words -----------------------------------------------------------------------------------------------------------

function speak(/** @type {string} */ chosen) {
  language = chosen;
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  document.title = say(language, "name");
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(language, element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(language, element.dataset.label));
  input.placeholder = say(language, input.dataset.hint);
  find("language-now").textContent = say(language, "self");
  for (const each of find("languages").querySelectorAll("button")) each.setAttribute("aria-current", String(each.lang === language));
  keep();
}

// --- the log ---------------------------------------------------------------------------------------------------------

/** Show a message once, in the order of ids; what is still on its way stands last. */
function show(/** @type {import("./message.js").Message} */ message) {
  const known = message.id && log.querySelector(`[data-id="${message.id}"]`);
  if (known) return known;
  const mine = outgoing.get(message.client_id ?? "");
  const element = mine?.element
    ?? (message.sender === "newcomer" ? newcomerElement(message.text, language) : messageElement(message, language, pressed));
  if (mine) settle(mine);
  const nearEnd = room.scrollHeight - room.scrollTop - room.clientHeight < 80;
  if (message.id) element.dataset.id = String(message.id);
  const later = [...log.children].find((each) => each !== element && (Number(each.dataset.id) || Infinity) > (message.id || Infinity));
  if (element.nextElementSibling !== (later ?? null) || !element.parentElement) log.insertBefore(element, later ?? null);
  welcome.hidden = true;
  if (nearEnd && !answering) element.scrollIntoView({ block: "nearest" });
  return element;
}

/** Messages that nobody waits for: a screen reader need not read them all aloud. */
function showQuietly(/** @type {object[]} */ messages) {
  log.setAttribute("aria-live", "off");
  messages.forEach(show);
  requestAnimationFrame(() => log.removeAttribute("aria-live"));
}

function clearLog() {
  for (const element of [...log.children]) if (!element.dataset.waiting) element.remove();
  welcome.hidden = log.children.length > 0;
}

function clearNotices() {
  for (const each of log.querySelectorAll(".notice")) each.remove();
}

function notice(/** @type {string} */ text, /** @type {Node[]} */ ...more) {
  clearNotices();
  const element = log.appendChild(make("div", { class: "notice" }, make("p", {}, text), ...more));
  element.scrollIntoView({ block: "nearest" });
}

function wordsFor(/** @type {api.Problem} */ { status, seconds, gone }) {
  if (gone) return say(language, "gone");
  if (status === 422 || status === 413) return say(language, "unreadable");
  if (status === 429) return say(language, "tooMany", { seconds: seconds || 10 });
  return say(language, [0, 502, 503, 504].includes(status) ? "away" : "failed");
}

function showWriting(/** @type {number} */ change) {
  answering += change;
  const words = () => writing.replaceChildren(answering ? say(language, "writing") : "");
  if (answering) setTimeout(words, 300);
  else words();
}

// --- a conversation --------------------------------------------------------------------------------------------------

async function begin() {
  const { id, token, messages } = await api.begin({ language });
  open({ id, token });
  clearLog();
  showQuietly(messages);
  listen(String(messages.at(-1)?.id ?? 0));
}

function open(/** @type {api.Key | null} */ opened) {
  stop();
  stop = () => "0";
  key = opened;
  keep();
}

function listen(/** @type {string} */ last) {
  if (!key || document.hidden) stop = () => last;
  else stop = follow(key, last, show, ended);
}

/** The conversation is gone: say so once, and offer another. */
function ended() {
  open(null);
  notice(say(language, "gone"), button(say(language, "newConversation"), startOver));
}

function startOver() {
  open(null);
  for (const { element } of outgoing.values()) delete element.dataset.waiting;
  outgoing.clear();
  clearLog();
  input.focus();
}

async function erase() {
  const erased = key;
  if (!erased) return;
  try {
    await api.erase(erased);
    startOver();
    notice(say(language, "erased"));
  } catch (problem) {
    notice(wordsFor(problem));
  }
}

// --- sending ---------------------------------------------------------------------------------------------------------

function utter(/** @type {Record<string, string>} */ body, /** @type {string} */ words) {
  clearNotices();
  const element = newcomerElement(words, language);
  const mine = { body: { ...body, client_id: newId() }, element };
  log.append(element);
  welcome.hidden = true;
  post(mine);
}

/** One after the other, so that the order stays. */
function post(/** @type {Outgoing} */ mine) {
  outgoing.set(mine.body.client_id, mine);
  mine.element.dataset.waiting = "yes";
  mine.element.querySelector(".failed")?.remove();
  mine.element.scrollIntoView({ block: "nearest" });
  queue = queue.then(() => deliver(mine));
}

async function deliver(/** @type {Outgoing} */ mine) {
  if (!outgoing.has(mine.body.client_id)) return;
  showWriting(1);
  try {
    if (!key) await begin();
    const through = key;
    const { received, messages } = await api.send(through, mine.body);
    if (through !== key) return;
    for (const message of [received, ...messages]) show(message);
    mine.element.scrollIntoView({ block: "start" });
  } catch (problem) {
    if (outgoing.has(mine.body.client_id)) failed(mine, problem);
  } finally {
    showWriting(-1);
  }
}

function failed(/** @type {Outgoing} */ mine, /** @type {api.Problem} */ problem) {
  settle(mine);
  if (problem.gone) open(null);
  if (problem.status === 422 && mine.body.text && !input.value) {
    mine.element.remove();
    input.value = mine.body.text;
    return notice(wordsFor(problem));
  }
  const again = button(say(language, problem.gone ? "newConversation" : "again"), () => {
    post(mine);
    input.focus();
  });
  mine.element.append(make("div", { class: "failed" }, make("p", {}, `${say(language, "notSent")} ${wordsFor(problem)}`), again));
  mine.element.scrollIntoView({ block: "nearest" });
}

function settle(/** @type {Outgoing} */ { body, element }) {
  outgoing.delete(body.client_id);
  delete element.dataset.waiting;
}

function pressed(/** @type {string} */ payload, /** @type {string} */ title) {
  if (![...outgoing.values()].some(({ body }) => body.payload === payload)) utter({ payload, title: title.slice(0, 200) }, title);
}

/** A page that is not served over https has no randomUUID. */
function newId() {
  return crypto.randomUUID?.() ?? crypto.getRandomValues(new Uint32Array(4)).join("-");
}

// --- controls --------------------------------------------------------------------------------------------------------

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  input.focus();
  if (!text) return;
  if ([...text.normalize()].length > LONGEST) return notice(say(language, "tooLong"));
  input.value = "";
  utter({ text }, text);
});

input.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send.click();
});

for (const each of Object.keys(WORDS)) {
  const choice = button(say(each, "self"), () => {
    speak(each);
    pressed(`/change_language{"language":"${each}"}`, say(each, "self"));
  });
  choice.lang = each;
  choice.removeAttribute("dir");
  find("languages").lastElementChild?.append(choice);
}

find("start-over").addEventListener("click", startOver);
find("erase").addEventListener("click", () => {
  dialog.returnValue = "";
  dialog.showModal();
});
dialog.addEventListener("close", () => {
  input.focus();
  if (dialog.returnValue === "erase") erase();
});

document.addEventListener("visibilitychange", () => {
  if (key) listen(stop());
});

// --- begin -----------------------------------------------------------------------------------------------------------

speak(language);
if (matchMedia("(pointer: fine)").matches) input.focus();
if (key) {
  welcome.hidden = true;
  try {
    const messages = await api.history(key);
    showQuietly(messages);
    const questions = log.querySelectorAll("[data-sender=newcomer]");
    questions[questions.length - 1]?.scrollIntoView({ block: "start" });
    listen(String(messages.at(-1)?.id ?? 0));
  } catch (problem) {
    if (problem.gone) ended();
    else notice(wordsFor(problem), button(say(language, "again"), () => location.reload()));
  }
}
