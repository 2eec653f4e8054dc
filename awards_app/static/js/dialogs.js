/* <details data-dialog> opens as a real dialog where the browser has one. */
export function startDialogs(root = document) {
  if (!window.HTMLDialogElement) return;
  for (const details of root.querySelectorAll("details[data-dialog]")) {
    const summary = details.querySelector("summary");
    const content = details.querySelector(".disclosed");
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-label", summary.textContent.trim());
    details.dataset.asDialog = "";
    const cancel = Object.assign(document.createElement("button"), { type: "button", className: "button quiet dialog-close", textContent: details.dataset.dialog });
    cancel.addEventListener("click", () => dialog.close());
    dialog.append(cancel);
    details.after(dialog);
    const close = () => { details.append(content); details.open = false; summary.focus(); };
    summary.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.prepend(content);
      dialog.showModal();
    });
    dialog.addEventListener("close", close);
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }
}
