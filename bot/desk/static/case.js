// The page of a case: what is typed is kept, ready words are put into the writing box, new messages are added at the end.

const box = document.getElementById("transcript-box");
const page = /** @type {HTMLElement} */ (document.querySelector("[data-case]"));

document.documentElement.classList.add("js");
if (box) box.scrollTop = box.scrollHeight;

// What is typed outlives a new page, in this tab only. It goes when it was sent, and with the login.

/** Which box was sent when the page says that this was done. */
const SENT = { written: "write", noted: "note", consult_asked: "ask-expert", consult_answered: "reply", resolved: "detail" };

/** @param {string} name */
function draftKey(name) {
  return `elo-desk-draft ${page.dataset.case} ${name}`;
}

function keepDrafts() {
  for (const area of /** @type {NodeListOf<HTMLTextAreaElement>} */ (document.querySelectorAll("textarea[data-keep]"))) {
    const key = draftKey(area.dataset.keep ?? "");
    if (!area.value) area.value = sessionStorage.getItem(key) ?? "";
    if (area.value && area.dataset.keep !== "write") area.closest("details")?.setAttribute("open", "");
  }
}

const sent = SENT[/** @type {keyof typeof SENT} */ (page.dataset.done ?? "")];
if (sent) sessionStorage.removeItem(draftKey(sent));
keepDrafts();

document.addEventListener("input", (event) => {
  const area = event.target;
  if (!(area instanceof HTMLTextAreaElement) || !area.dataset.keep) return;
  if (area.value) sessionStorage.setItem(draftKey(area.dataset.keep), area.value);
  else sessionStorage.removeItem(draftKey(area.dataset.keep));
});

// Ctrl and Enter send.

document.addEventListener("keydown", (event) => {
  const area = event.target;
  if (!(area instanceof HTMLTextAreaElement) || area.dataset.send === undefined) return;
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  area.form?.requestSubmit();
});

// A form that the browser sends itself is sent once.

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Ready words go where the cursor is, to be edited and sent.

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-insert]") : null;
  const area = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("words"));
  if (!(button instanceof HTMLElement) || !area) return;
  const before = area.value.slice(0, area.selectionStart);
  const gap = before && !before.endsWith("\n") ? "\n" : "";
  area.setRangeText(gap + button.dataset.insert, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
  announce(document.getElementById("suggestions")?.dataset.inserted ?? "");
});

// htmx: a refusal is shown where the form is; new messages are those after the last one shown; a choice with the focus stays.

document.addEventListener("htmx:configRequest", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (detail.elt.id !== "transcript-news") return;
  const last = document.querySelector("#transcript > [data-message]:last-child");
  if (last instanceof HTMLElement) detail.path = detail.path.replace(/after=\d+/, `after=${last.dataset.message}`);
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (detail.xhr.status === 409 || detail.xhr.status === 422) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
  if (detail.target.id === "suggestions" && detail.target.contains(document.activeElement)) detail.shouldSwap = false;
  if (detail.target.id === "transcript" && box) {
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
    if (atEnd) setTimeout(() => (box.scrollTop = box.scrollHeight), 60);
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (detail.elt.id === "write" && detail.successful) sessionStorage.removeItem(draftKey("write"));
});
