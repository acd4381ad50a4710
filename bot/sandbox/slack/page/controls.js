/** The panel that moves the world around the bot: its clock, its parts, and what goes wrong at Slack. */
import { get, post } from "./api.js";
import { byId, el, fill, whileBusy } from "./dom.js";
import { bot, currentChannel, me } from "./session.js";
import { orToast } from "./toasts.js";

const STOPPED_FOR_S = 20;
const CLOCK = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const STEPS = [["1 hour later", 60], ["8 hours later", 480], ["A week later", 10_080]];
const LATENCIES = [["No delay", 0], ["0.3 s", 300], ["1 s", 1000], ["4 s (clicks time out)", 4000]];

/** What happens once, a few times, or now; each button with what it sends. */
const ONCE = [
  ["Limit the next 3 calls (429)", { kind: "limit", times: 3 }],
  ["Limit the next 3 messages (429)", { kind: "limit", method: "chat.postMessage", times: 3 }],
  ["Fail the next 3 calls", { kind: "fail", times: 3 }],
  ["Deliver the next 3 events twice", { kind: "duplicate", times: 3 }],
  ["Lose the next delivery", { kind: "drop", times: 1 }],
  ["Refresh the connection", { kind: "refresh" }],
  ["Cut the connection", { kind: "close" }],
];

function press(label, path, wish, style = "") {
  const work = async () => draw(await post(`controls/${path}`, wish));
  const button = el("button", { type: "button", class: `button small ${style}`, onclick: () => whileBusy(button, () => orToast(work)) }, label);
  return button;
}

/** A switch that stays as it is set. */
function toggle(label, on, wish) {
  const send = (event) => orToast(async () => draw(await post("controls/fault", wish(event.target.checked))));
  return el("label", { class: "tick" }, el("input", { type: "checkbox", role: "switch", checked: on, onchange: send }), el("span", {}, label));
}

const group = (title, ...inside) => el("section", { class: "control-group" }, el("h3", {}, title), ...inside);

function clock(state) {
  if (!state.clock) return null;
  const morning = press("Next morning, 9:05", "advance", { morning_of: me().id }, "primary");
  const steps = STEPS.map(([label, minutes]) => press(label, "advance", { minutes }));
  return group(
    "The bot's clock",
    el("p", { id: "bot-clock", class: "clock" }, CLOCK.format(new Date(state.now))),
    el("p", { class: "hint" }, "At nine in the morning the bot posts its digest. Time only goes forward, also after a restart."),
    el("div", { class: "row" }, morning, ...steps),
  );
}

function part({ name, about, runs }) {
  const words = el("div", {}, el("strong", {}, name), el("p", { class: "hint" }, about));
  const wish = { part: name, on: !runs, ...(runs && { for_s: STOPPED_FOR_S }) };
  const button = press(runs ? `Stop for ${STOPPED_FOR_S} s` : "Start again", "switch", wish, runs ? "danger" : "primary");
  button.setAttribute("aria-label", `${button.textContent}: ${name}`);
  return el("li", { class: "control-part", dataset: { part: name, runs: String(runs) } }, words, button);
}

function parts(state) {
  if (!state.parts.length) return null;
  const words = "A part that stops comes back by itself. Nothing that was decided is lost.";
  return group("The bot's parts", el("p", { class: "hint" }, words), el("ul", { class: "control-parts" }, ...state.parts.map(part)));
}

function latency(state) {
  const chosen = (event) => orToast(async () => draw(await post("controls/fault", { kind: "latency", ms: Number(event.target.value) })));
  const options = LATENCIES.map(([label, ms]) => el("option", { value: ms, selected: ms === state.latency_ms }, label));
  return el("label", { class: "control-line" }, "Delay of calls and deliveries", el("select", { class: "select", onchange: chosen }, ...options));
}

function toCome({ calls, duplicates, drops }) {
  const words = [[calls, "calls will fail"], [duplicates, "events will come twice"], [drops, "deliveries will be lost"]];
  return words.filter(([count]) => count).map(([count, what]) => `${count} ${what}`).join(", ") || "Nothing is planted.";
}

function trouble(state) {
  const way = state.delivery === "http" ? "Deliveries go by signed HTTP." : `Open connections: ${state.connections}.`;
  return group(
    "Trouble at Slack",
    toggle("Outage: every call answers 503, nothing is delivered", state.outage, (on) => ({ kind: "outage", on })),
    toggle("Slack's rate limits hold", state.rate_limits, (on) => ({ kind: "rate_limits", on })),
    latency(state),
    el("div", { class: "row" }, ...ONCE.map(([label, wish]) => press(label, "fault", wish))),
    here(),
    el("p", { class: "hint", id: "to-come", role: "status" }, `${toCome(state.left)} ${way}`),
    press("End all trouble", "fault", { kind: "clear" }, "primary"),
  );
}

/** The bot can be put out of the open channel; the channel's head offers to invite it again. */
function here() {
  const channel = currentChannel();
  if (!channel?.bot_is_member || channel.is_im) return null;
  const work = () => orToast(() => post("remove", { user: me().id, channel: channel.id }));
  const button = el("button", { type: "button", class: "button small", onclick: () => whileBusy(button, work) }, `Remove ${bot().name} from #${channel.name}`);
  return el("div", { class: "row" }, button);
}

function draw(state) {
  const body = byId("side-body");
  const at = [...body.querySelectorAll("button, input, select")].indexOf(document.activeElement);
  fill(body, el("div", { id: "controls" }, ...[clock(state), parts(state), trouble(state)].filter(Boolean)));
  if (at >= 0) body.querySelectorAll("button, input, select")[at]?.focus();
}

/** Look how things stand and draw the panel. Errors are the caller's. */
export async function drawControls() {
  draw(await get("controls"));
}
