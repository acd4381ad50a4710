/** The app's global shortcuts, behind one button beside the message box. */
import { post } from "./api.js";
import { byId } from "./dom.js";
import { openMenu } from "./menu.js";
import { me, session } from "./session.js";
import { orToast, toast } from "./toasts.js";

export function wireGlobalShortcuts() {
  const button = byId("shortcuts");
  button.addEventListener("click", () => {
    const global = session.state.shortcuts.filter((shortcut) => shortcut.type === "global");
    const run = (shortcut) => () => orToast(() => post("shortcut", { user: me().id, callback_id: shortcut.callback_id }));
    if (global.length) openMenu(button, global.map((shortcut) => ({ label: shortcut.name, run: run(shortcut) })));
    else toast("The app has no global shortcuts. Those for a message are in its More actions.");
  });
}
