/** Menus of the header close after a choice, by Escape, and when attention goes elsewhere. */

for (const menu of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.menu"))) {
  const close = () => {
    menu.open = false;
  };
  const closeAndGoBack = () => {
    if (menu.open) menu.querySelector("summary").focus();
    close();
  };
  menu.addEventListener("keydown", ({ key }) => key === "Escape" && closeAndGoBack());
  menu.lastElementChild.addEventListener("click", closeAndGoBack, true);
  menu.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !menu.contains(relatedTarget) && close());
  document.addEventListener("click", ({ target }) => menu.contains(target) || close());
}
