/** The app's Home tab. */
import { get, post } from "./api.js";
import { blockNodes } from "./blocks.js";
import { stateValues } from "./elements.js";
import { byId, el, fill } from "./dom.js";
import { me } from "./session.js";
import { orToast } from "./toasts.js";

function draw(view) {
  const frame = byId("home");
  if (!view?.blocks?.length) {
    fill(frame, el("p", { class: "empty" }, "The app has not published a Home page for you yet."));
    return;
  }
  const fields = new Map();
  const place = { user: me().id, view_id: view.id };
  const surface = {
    fields,
    act: (press) => orToast(() => post("view/press", { ...place, ...press, values: stateValues(fields) })),
    suggest: async (question) => (await post("options", { ...place, ...question })).options ?? [],
  };
  fill(frame, el("div", { class: "blocks" }, ...blockNodes(view.blocks, surface)));
}

/** Open Home as the acting member: the app hears of it and may publish anew. */
export async function openHome() {
  await orToast(async () => {
    draw((await get("home", { user: me().id })).view);
    await post("home/open", { user: me().id });
  });
}

/** Home was published while it is open. */
export async function renewHome() {
  await orToast(async () => draw((await get("home", { user: me().id })).view));
}
