/** Files that are dropped would make the browser leave the page. Here they are refused with a word. */

/** @param {HTMLElement} around @param {() => void} refused */
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
