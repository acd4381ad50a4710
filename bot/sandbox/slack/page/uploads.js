/** Files into the open channel: by button, by drag and drop, from the clipboard; each with its progress. */
import { Refused, upload } from "./api.js";
import { byId, el, iconButton } from "./dom.js";
import { humanSize } from "./pictures.js";
import { me, session } from "./session.js";

/** Send `files` as one message of the open channel, or of a thread in it, and show how far it is. */
async function send(files, threadTs = "") {
  if (!files.length || !session.channel) return;
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const name = files.length === 1 ? files[0].name : `${files.length} files`;
  const bar = el("progress", { max: "1", value: "0", "aria-label": `Uploading ${name}` });
  const words = el("span", { dir: "auto" }, `${name} · ${humanSize(bytes)}`);
  const row = el("div", { class: "upload", role: "status" }, words, bar);
  byId("uploads").append(row);
  try {
    const onProgress = (share) => (bar.value = share);
    await upload({ user: me().id, channel: session.channel, threadTs, files, onProgress });
    row.remove();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    failed(row, name, error.message);
  }
}

function failed(row, name, reason) {
  row.classList.add("failed");
  row.replaceChildren(
    el("span", { dir: "auto" }, `${name} was not uploaded: ${reason}`),
    iconButton("close", "Dismiss", () => row.remove()),
  );
}

function wireDrop(area, overlay, threadTs = () => "") {
  let depth = 0; // dragenter and dragleave fire for every element inside too
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const hover = (by) => {
    depth = by === 0 ? 0 : Math.max(0, depth + by);
    if (overlay) overlay.hidden = depth === 0 || !session.channel;
  };
  area.addEventListener("dragenter", (event) => carriesFiles(event) && hover(1));
  area.addEventListener("dragleave", (event) => carriesFiles(event) && hover(-1));
  area.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  area.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    hover(0);
    void send([...event.dataTransfer.files], threadTs());
  });
}

/** Wire the buttons, the drop areas and the clipboard. @param {() => string} openThread ts of the open thread, or "" */
export function wireUploads(openThread) {
  const input = byId("file-input");
  let target = "";
  const choose = (threadTs) => {
    target = threadTs;
    input.click();
  };
  byId("attach").addEventListener("click", () => choose(""));
  byId("attach-reply").addEventListener("click", () => choose(openThread()));
  input.addEventListener("change", () => {
    void send([...input.files], target);
    input.value = "";
  });
  byId("message-box").addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) event.preventDefault();
    void send(files);
  });
  wireDrop(byId("main"), byId("drop-here"));
  wireDrop(byId("thread"), null, openThread);
}
