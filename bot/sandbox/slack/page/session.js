/** What this page knows of the workspace, and for whom it acts. One object, changed here only. */

export const session = {
  /** @type {any} the answer of /page/api/state */
  state: null,
  /** @type {string} id of the open channel, "" while the app's Home is open */
  channel: "",
};

export const me = () => session.state.me;
export const bot = () => session.state.bot;
export const currentChannel = () => session.state.channels.find((channel) => channel.id === session.channel);

/** The name people know a user id by; the id itself when nobody knows it. */
export function userName(id) {
  if (id === bot().id) return bot().name;
  return session.state.members.find((member) => member.id === id)?.name ?? id;
}

/** The handle of a user group, by its id. */
export const groupName = (id) => session.state.groups.find((group) => group.id === id)?.handle ?? id;

export function channelName(id) {
  return session.state.channels.find((channel) => channel.id === id)?.name ?? id;
}

/** The address remembers member and channel, so that two tabs may be two people: `#omar/labels`. */
export function readAddress() {
  const [member = "", channel = ""] = decodeURIComponent(location.hash.slice(1)).split("/");
  return { member, channel };
}

export function writeAddress() {
  const place = session.channel ? channelName(session.channel) : "home";
  history.replaceState(null, "", `#${encodeURIComponent(me().name)}/${encodeURIComponent(place)}`);
}

/** Typed text as it goes over the wire: escaped, with @names and #channels made into references. */
export function toWire(text) {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped.replace(/(^|\s)([@#])([\w.-]+)/g, (whole, before, sign, name) => {
    const token = sign === "@" ? userToken(name) : channelToken(name);
    return token ? before + token : whole;
  });
}

function userToken(name) {
  const known = [...session.state.members, bot()].find((one) => one.name.toLowerCase() === name.toLowerCase());
  return known && `<@${known.id}>`;
}

function channelToken(name) {
  const known = session.state.channels.find((channel) => channel.name === name);
  return known && `<#${known.id}|${known.name}>`;
}
