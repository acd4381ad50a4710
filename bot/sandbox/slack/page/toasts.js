/** Short notes at the edge of the page: what went wrong, or what was done out of sight. */
import { byId, el, iconButton } from "./dom.js";

const LINGER_MS = 8000; // long enough to read two lines twice

/** @param {string} words @param {"error"|"note"} kind */
export function toast(words, kind = "note") {
  const dismiss = iconButton("close", "Dismiss", () => node.remove());
  const node = el("div", { class: `toast ${kind}`, role: kind === "error" ? "alert" : "status" }, el("span", { dir: "auto" }, words), dismiss);
  // A toast over a modal dialog would be hidden behind it, so it joins the dialog on top.
  const open = [...document.querySelectorAll("dialog[open]")].at(-1);
  (open ?? byId("toasts")).append(node);
  setTimeout(() => node.remove(), LINGER_MS);
}

/** Run `work` and say as a toast why it did not succeed. @returns {Promise<boolean>} whether it did */
export async function orToast(work) {
  try {
    await work();
    return true;
  } catch (error) {
    toast(error.message, "error");
    return false;
  }
}
