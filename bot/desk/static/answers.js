// The form of an answer: nothing that was typed is left behind by mistake, and the form is sent once.

const form = /** @type {HTMLFormElement} */ (document.getElementById("answer-form"));
let changed = document.querySelector(".notice.bad") !== null;
let wasSent = false;

form.addEventListener("input", () => {
  changed = true;
});

form.addEventListener("submit", (event) => {
  if (wasSent) event.preventDefault();
  wasSent = true;
});

window.addEventListener("pageshow", () => {
  wasSent = false;
});

window.addEventListener("beforeunload", (event) => {
  if (changed && !wasSent) event.preventDefault();
});
