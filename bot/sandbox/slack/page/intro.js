/** The card at the top of #labels that starts a newcomer off. It belongs to the page, not to the channel. */
import { post } from "./api.js";
import { sendCommand } from "./composer.js";
import { byId, el, fill, whileBusy } from "./dom.js";
import { me, session } from "./session.js";
import { orToast } from "./toasts.js";

const FOLDED = "annotate-sandbox-intro-folded";
export const INTRO_CHANNEL = "labels";

function action(label, style, work) {
  const button = el("button", { type: "button", class: `button ${style}`, onclick: () => whileBusy(button, () => orToast(work)) }, label);
  return button;
}

function foldButton(card) {
  const button = el("button", { type: "button", class: "quiet-link" });
  const name = () => {
    const folded = card.classList.contains("folded");
    button.textContent = folded ? "Show introduction" : "Hide introduction";
    button.setAttribute("aria-expanded", String(!folded));
  };
  button.addEventListener("click", () => {
    localStorage.setItem(FOLDED, card.classList.toggle("folded") ? "yes" : "no");
    name();
  });
  card.classList.toggle("folded", localStorage.getItem(FOLDED) === "yes");
  name();
  return button;
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
    el("div", { class: "intro-head" }, el("h2", {}, "Find the wrong label"), foldButton(card)),
    el("p", { class: "intro-words" }, `${SENTENCES.join(" ")} `, el("strong", {}, RIDDLE)),
    el(
      "div",
      { class: "row" },
      action("Set up (people, man, adult)", "primary", () => sendCommand("/annotate setup people man adult")),
      samples > 0 && action(`Use ${samples} sample photographs`, "", () => post("samples", place())),
      action("What Clarifai now holds", "", openHolds),
    ),
  );
}
