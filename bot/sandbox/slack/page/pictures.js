/** Pictures in messages: shown small, enlarged on a press, and honest when they cannot be shown. */
import { el } from "./dom.js";
import { drawingUrl, fileUrl } from "./api.js";
import { plainWords } from "./mrkdwn.js";
import { enlarge } from "./dialogs.js";

/** The address of an image block or element; null for a host outside this computer, which is not asked. */
function source(image) {
  const file = image.slack_file;
  if (file?.id) return fileUrl(file.id);
  return local(file?.url ?? image.image_url ?? "");
}

function local(address) {
  try {
    const url = new URL(address, location.href);
    return ["127.0.0.1", "localhost", location.hostname].includes(url.hostname) ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * An image block or element as a button that enlarges it.
 * @param {object} image
 * @param {"large"|"thumbnail"|"tiny"} size
 */
export function picture(image, size) {
  const alt = image.alt_text ?? "";
  const address = source(image);
  if (!address) return el("span", { class: "no-picture" }, `Picture on another computer, not loaded: ${image.image_url ?? ""}`);
  const drawn = el("img", { src: address, alt, loading: "lazy", decoding: "async" });
  const title = image.title ? plainWords(image.title) : alt;
  const node = size === "tiny" ? el("span", { class: "picture tiny" }, drawn) : zoomable(drawn, address, title, size);
  drawn.addEventListener("error", () => node.replaceWith(el("span", { class: "no-picture" }, `Picture not available: ${alt}`)));
  return node;
}

function zoomable(drawn, address, title, size) {
  const props = {
    type: "button", class: `picture ${size}`, title: "Enlarge", "aria-label": `Enlarge ${title || "picture"}`,
    onclick: () => enlarge(address, drawn.alt, title),
  };
  return el("button", props, drawn);
}

/** A file shared in a message: a picture where a browser can show it, otherwise its name to download. */
export function sharedFile(file) {
  if (/^image\/(png|jpe?g|gif|webp)$/.test(file.mimetype ?? "")) {
    const drawn = picture({ slack_file: { id: file.id }, alt_text: file.name }, "shared");
    return el("figure", { class: "shared-file" }, drawn, el("figcaption", { dir: "auto" }, file.name));
  }
  if (file.drawable) {
    const address = drawingUrl(file.id);
    const drawn = zoomable(el("img", { src: address, alt: file.name, loading: "lazy" }), address, file.name, "shared");
    return el("figure", { class: "shared-file" }, drawn, el("figcaption", { dir: "auto" }, file.name));
  }
  if (file.mode === "tombstone") return el("span", { class: "no-picture" }, "This file was deleted.");
  const size = file.size === undefined ? "" : ` · ${humanSize(file.size)}`;
  const props = { class: "file-chip", href: fileUrl(file.id), download: file.name ?? "", dir: "auto" };
  return el("a", props, `${file.name ?? file.id}${size}`);
}

export function humanSize(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
