// New cases: a count in the title, a line for screen readers, and for those who want it a sound and a notification.

const WISHES = { sound: "elo-desk-sound", popup: "elo-desk-popup" };
const plainTitle = document.title;

/** @type {AudioContext | undefined} */
let audio;
let unseen = 0;
let known = waitingNow();

/** The ids of the cases that wait, as the page shows them; none while it does not know. */
function waitingNow() {
  const shown = /** @type {HTMLElement | null} */ (document.querySelector("[data-waiting]"));
  return shown ? new Set(/** @type {number[]} */ (JSON.parse(shown.dataset.waiting ?? "[]"))) : undefined;
}

function showCount() {
  document.title = unseen ? `(${unseen}) ${plainTitle}` : plainTitle;
}

function beep() {
  audio ??= new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = 660;
  volume.gain.setValueAtTime(0.15, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.4);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.4);
}

/** @param {string} line */
function tellOfNew(line) {
  announce(line);
  if (localStorage.getItem(WISHES.sound)) beep();
  const allowed = "Notification" in window && Notification.permission === "granted";
  if (localStorage.getItem(WISHES.popup) && allowed && !document.hasFocus()) new Notification(line, { tag: "elo-desk" });
}

document.addEventListener("htmx:afterSettle", () => {
  const now = waitingNow();
  if (!now) return;
  const before = known;
  known = now;
  const added = before ? [...now].filter((id) => !before.has(id)).length : 0;
  if (!added) return;
  unseen += added;
  showCount();
  const shown = /** @type {HTMLElement} */ (document.querySelector("[data-waiting]"));
  tellOfNew(shown.dataset.new ?? "");
});

for (const kind of ["focus", "keydown", "pointerdown"]) {
  window.addEventListener(kind, () => {
    unseen = 0;
    showCount();
    if (audio?.state === "suspended") audio.resume();
  });
}

/**
 * @param {string} id
 * @param {string} key
 * @param {(box: HTMLInputElement) => void | Promise<void>} turnedOn
 */
function remembered(id, key, turnedOn) {
  const box = /** @type {HTMLInputElement | null} */ (document.getElementById(id));
  if (!box) return;
  box.checked = localStorage.getItem(key) !== null;
  box.addEventListener("change", async () => {
    if (box.checked) await turnedOn(box);
    if (box.checked) localStorage.setItem(key, "yes");
    else localStorage.removeItem(key);
  });
}

remembered("alert-sound", WISHES.sound, beep);
remembered("alert-popup", WISHES.popup, async (box) => {
  const answer = "Notification" in window ? await Notification.requestPermission() : "denied";
  if (answer === "granted") return;
  box.checked = false;
  announce(box.dataset.refused ?? "");
});
document.querySelector(".alerts")?.removeAttribute("hidden");
