/** The card at the top of #labels that starts a newcomer off. It belongs to the page, not to the channel. */
import { post } from "./api.js";
import { sendCommand } from "./composer.js";
import { byId, el, fill, whileBusy } from "./dom.js";
import { me, session } from "./session.js";
import { orToast } from "./toasts.js";

const CHOSEN = "annotate-sandbox-introduction";
const ENOUGH_TO_LOOK_AT = 3; // the checklist, the upload, the first card
export const INTRO_CHANNEL = "labels";

function action(label, style, work) {
  const button = el("button", { type: "button", class: `button ${style}`, onclick: () => whileBusy(button, () => orToast(work)) }, label);
  return button;
}

/** Fold the words away or show them; the buttons stay. */
function setFolded(folded) {
  byId("intro").classList.toggle("folded", folded);
  const button = byId("intro-fold");
  button.textContent = folded ? "What is this?" : "Hide introduction";
  button.setAttribute("aria-expanded", String(!folded));
}

function toggle() {
  const folded = !byId("intro").classList.contains("folded");
  localStorage.setItem(CHOSEN, folded ? "folded" : "open");
  setFolded(folded);
}

/** Somebody's choice holds; without one the words make room once the channel has `messages` enough to look at. */
export function foldIntroFor(messages) {
  const chosen = localStorage.getItem(CHOSEN);
  setFolded(chosen ? chosen === "folded" : messages >= ENOUGH_TO_LOOK_AT);
}

const SENTENCES = [
  "In this practice workspace a bot labels the photographs you drop in, with a model's help.",
  "It keeps what the model is sure of and asks you about the rest: press Set up, then Go live in the checklist that appears, then try the photographs.",
];
const RIDDLE = "One of the labels accepted automatically will be wrong: find it.";

/** @param {() => Promise<void>} openHolds shows what Clarifai now holds */
export function drawIntro(openHolds) {
  const card = byId("intro");
  const samples = session.state.samples;
  const place = () => ({ user: me().id, channel: session.channel });
  fill(
    card,
    el("div", { class: "intro-head" }, el("h2", {}, "Find the wrong label"), el("button", { type: "button", id: "intro-fold", class: "quiet-link", onclick: toggle })),
    el("p", { class: "intro-words" }, `${SENTENCES.join(" ")} `, el("strong", {}, RIDDLE)),
    el(
      "div",
      { class: "row" },
      action("Set up (people, man, adult)", "primary", () => sendCommand("/annotate setup people man adult")),
      samples > 0 && action(`Use ${samples} sample photographs`, "", () => post("samples", place())),
      action("What Clarifai now holds", "", openHolds),
    ),
  );
  foldIntroFor(0);
}
