/** Dialogs of the page itself: a button's confirmation and the enlarged picture. */
import { el, freshId, iconButton } from "./dom.js";
import { textNodes } from "./mrkdwn.js";

/** Show a dialog until it is closed; the element goes away with it and focus returns to where it was. */
function show(dialog) {
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

/**
 * Ask what a button's `confirm` object asks.
 * @param {object} confirm
 * @returns {Promise<boolean>} whether the person agreed
 */
export async function confirmed(confirm) {
  const title = freshId("confirm");
  const style = confirm.style === "danger" ? "danger" : "primary";
  const deny = confirm.deny ? textNodes(confirm.deny) : ["Cancel"];
  const agree = confirm.confirm ? textNodes(confirm.confirm) : ["Yes"];
  const dialog = el(
    "dialog",
    { class: "confirm", "aria-labelledby": title },
    el("h2", { id: title }, ...textNodes(confirm.title)),
    el("div", { class: "text", dir: "auto" }, ...textNodes(confirm.text)),
    el(
      "form",
      { method: "dialog", class: "row end" },
      // Enter must never be the destructive choice.
      el("button", { class: "button", value: "deny", autofocus: style === "danger" }, ...deny),
      el("button", { class: `button ${style}`, value: "agree", autofocus: style === "primary" }, ...agree),
    ),
  );
  return (await show(dialog)) === "agree";
}

/** Show a picture as large as the window allows. */
export function enlarge(address, alt, title) {
  const dialog = el(
    "dialog",
    { class: "zoom", "aria-label": title || "Picture" },
    el("div", { class: "zoom-bar" }, el("span", { dir: "auto" }, title), iconButton("close", "Close picture", () => dialog.close())),
    el("img", { src: address, alt }),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return show(dialog);
}
