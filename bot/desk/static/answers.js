// The form of an answer: nothing that was typed is left behind by mistake, and the form is sent once.

const form = /** @type {HTMLFormElement} */ (document.getElementById("answer-form"));
let changed = document.querySelector(".notice.bad") !== null;
let sent = false;

form.addEventListener("input", () => {
  changed = true;
});

form.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
});

window.addEventListener("pageshow", () => {
  sent = false;
});

window.addEventListener("beforeunload", (event) => {
  if (changed && !sent) event.preventDefault();
});
