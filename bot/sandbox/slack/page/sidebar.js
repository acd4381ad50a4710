/** The left column: channels with unread marks, the app's Home, who is acting, whether all is connected. */
import { byId, el, fill, icon } from "./dom.js";
import { avatar } from "./messages.js";
import { bot, me, session } from "./session.js";

function placeButton(label, { sign, unread, current, onclick }) {
  const mark = unread > 0 && el("span", { class: "unread", "aria-label": `${unread} unread` }, String(unread));
  const props = { type: "button", class: `place ${unread > 0 ? "has-unread" : ""}`, "aria-current": current ? "page" : null, onclick };
  return el("button", props, sign, el("span", { dir: "auto" }, label), mark);
}

/** @param {(id: string) => void} openChannel @param {() => void} openHomeTab */
export function drawPlaces(openChannel, openHomeTab) {
  const inOrder = session.state.channels.toSorted((one, other) => one.name.localeCompare(other.name));
  const channels = inOrder.map((channel) =>
    placeButton(channel.name, {
      sign: el("span", { class: "sign", "aria-hidden": "true" }, channel.is_im ? "@" : "#"),
      unread: channel.unread ?? 0,
      current: channel.id === session.channel,
      onclick: () => openChannel(channel.id),
    }),
  );
  const home = placeButton(`${bot().name} · Home`, { sign: icon("home"), unread: 0, current: !session.channel, onclick: openHomeTab });
  const app = bot().home_tab ? [el("h2", {}, "App"), el("div", {}, home)] : [];
  fill(byId("places"), el("h2", {}, "Channels"), ...channels.map((button) => el("div", {}, button)), ...app);
}

/** The members as one choice; @param {(id: string) => void} act called with the chosen member's id */
export function drawMembers(act) {
  const one = (member) => {
    const box = el("input", { type: "radio", name: "acting", value: member.id, checked: member.id === me().id, onchange: () => act(member.id) });
    const role = member.is_admin ? "admin" : "member";
    const props = { class: "member", title: `${member.real_name ?? member.name}, ${role}, ${member.tz ?? ""}` };
    return el("label", props, box, avatar(member.name), el("span", { dir: "auto" }, member.name));
  };
  fill(byId("members"), el("legend", {}, "You act as"), ...session.state.members.map(one));
}

/** @param {boolean} page whether this page hears the sandbox */
export function drawConnection(page) {
  const { connected, delivery } = session.state;
  const way = delivery === "http" ? "signed HTTP" : "Socket Mode";
  const words = page ? (connected ? `Bot connected, ${way}` : "Waiting for the bot") : "Reconnecting to the sandbox…";
  const level = page && connected ? "good" : page ? "waiting" : "bad";
  fill(byId("connection"), el("span", { class: `dot ${level}`, "aria-hidden": "true" }), words);
}
