// Signs of life of the person, and what the presence switch says now.

const EVERY_MS = 60_000;
let lastSign = Date.now();

function showsLife() {
  if (Date.now() - lastSign < EVERY_MS || !document.getElementById("presence")) return;
  lastSign = Date.now();
  htmx.ajax("POST", "/desk/presence/seen", { source: "#presence", target: "#presence", swap: "outerHTML" });
}

for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
  document.addEventListener(kind, showsLife, { passive: true });
}

/** @param {string} text */
function announce(text) {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}

let present = document.getElementById("presence")?.dataset.present;

document.addEventListener("htmx:afterSettle", () => {
  const shown = document.getElementById("presence");
  if (!shown || shown.dataset.present === present) return;
  present = shown.dataset.present;
  announce(shown.querySelector(".now")?.textContent ?? "");
});

// What was typed and kept in this tab goes with the login.
document.addEventListener("submit", (event) => {
  if (event.target instanceof HTMLFormElement && event.target.action.endsWith("/desk/logout")) sessionStorage.clear();
});
