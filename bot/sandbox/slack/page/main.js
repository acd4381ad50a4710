/** Puts the page together: which channel is open, for whom, and what each event of the workspace changes. */
import { get, listen, post } from "./api.js";
import { channelComposer, composer } from "./composer.js";
import { drawControls } from "./controls.js";
import { Conversation } from "./conversation.js";
import { byId, whileBusy } from "./dom.js";
import { openHome, renewHome } from "./home.js";
import { addLogEntry, drawHolds, drawSource, openLog } from "./inspector.js";
import { INTRO_CHANNEL, drawIntro, foldIntroFor } from "./intro.js";
import { dropView, showView } from "./modals.js";
import { bot, channelName, currentChannel, me, readAddress, session, writeAddress } from "./session.js";
import { wireGlobalShortcuts } from "./shortcuts.js";
import { drawConnection, drawMembers, drawPlaces } from "./sidebar.js";
import { setNow } from "./time.js";
import { channelTimeline } from "./timeline.js";
import { orToast, toast } from "./toasts.js";
import { wireUploads } from "./uploads.js";

const HOME = "home"; // the place in the address that is not a channel
const PERMALINK = /\/archives\/(\w+)\/p(\d+)(\d{6})/;
const RENEW_AFTER_MS = 600; // one look for many events in a row

const conversation = new Conversation(drawSoon);
const side = { kind: "", thread: "", message: null };
let stopListening = () => {};
let pageConnected = false;

const main = channelTimeline(byId("messages"), {
  channel: () => session.channel,
  openThread: (ts) => openSide("thread", { thread: ts }),
  dismiss: (note) => conversation.dismiss(note),
  inspect: (message) => openSide("source", { message }),
  newer: byId("newer"),
});
const thread = channelTimeline(byId("thread-messages"), {
  channel: () => session.channel,
  openThread: null,
  dismiss: (note) => conversation.dismiss(note),
  inspect: (message) => openSide("source", { message }),
});

let drawing = false;

/** Many changes at once are drawn once. */
function drawSoon() {
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    drawConversation();
  });
}

function drawConversation() {
  const messages = conversation.timeline();
  main.show(messages);
  byId("empty-channel").hidden = messages.length > 0;
  foldIntroFor(messages.filter((message) => !message.ephemeral).length);
  if (side.kind !== "thread") return;
  const inThread = conversation.thread(side.thread);
  if (inThread.length) thread.show(inThread);
  else closeSide();
}

const SIDE_TITLES = {
  thread: "Thread",
  log: "Log of calls",
  holds: "What Clarifai now holds",
  controls: "Time and trouble",
  source: "The message as JSON",
};

/** Open the column at the right; a second press on the same thing closes nothing, it renews. */
async function openSide(kind, { thread: ts = "", message = null } = {}) {
  Object.assign(side, { kind, thread: ts, message });
  byId("side-title").textContent = SIDE_TITLES[kind];
  byId("side").dataset.kind = kind;
  byId("side-body").replaceChildren();
  byId("side").hidden = false;
  byId("thread").hidden = kind !== "thread";
  byId("side-renew").hidden = ["thread", "source"].includes(kind);
  if (kind === "thread") {
    thread.reset();
    drawConversation();
    byId("reply-box").focus();
  } else await renewSide();
}

async function renewSide() {
  if (side.kind === "log") await openLog();
  if (side.kind === "holds") await drawHolds();
  if (side.kind === "controls") await drawControls();
  if (side.kind === "source") drawSource(side.message);
}

function closeSide() {
  side.kind = "";
  byId("side").hidden = true;
}

function drawHead() {
  const channel = currentChannel();
  byId("place-title").textContent = channel ? `${channel.is_im ? "@" : "#"}${channel.name}` : bot().name;
  drawInvitation(channel);
  byId("message-box").placeholder = channel ? `Message #${channel.name}, or / for commands` : "";
  byId("messages").setAttribute("aria-label", channel ? `Messages in #${channel.name}` : "Messages");
  byId("intro").hidden = channel?.name !== INTRO_CHANNEL;
  for (const id of ["channel-pane", "composer"]) byId(id).hidden = !channel;
  byId("home").hidden = Boolean(channel);
  drawPlaces(openChannel, openHomeTab);
  writeAddress();
}

/** Whether the bot is here; if not, one press invites it. */
function drawInvitation(channel) {
  const missing = Boolean(channel) && !channel.bot_is_member && !channel.is_archived;
  byId("place-note").textContent = channel?.is_archived ? "This channel is archived" : missing ? `${bot().name} is not in this channel` : "";
  byId("invite").hidden = !missing;
  byId("invite").textContent = `Invite ${bot().name}`;
}

async function openChannel(id) {
  session.channel = id;
  conversation.clear();
  main.reset();
  closeSide();
  currentChannel().unread = 0;
  document.body.classList.remove("menu-open");
  drawHead();
  // Read only while events are heard: what happens between reading and listening would be missed.
  if (pageConnected) await orToast(() => conversation.load());
  if (currentChannel()?.is_im) await orToast(() => post("home/open", { user: me().id, tab: "messages" }));
}

async function openHomeTab() {
  session.channel = "";
  closeSide();
  document.body.classList.remove("menu-open");
  drawHead();
  await openHome();
}

/** Act as `user` from now on: everything is read anew, as that person sees it. */
async function actAs(user, wantedChannel = session.channel ? channelName(session.channel) : HOME) {
  stopListening();
  pageConnected = false;
  takeState(await get("state", { user }));
  const channels = session.state.channels;
  const channel = channels.find((one) => one.name === wantedChannel) ?? channels.find((one) => one.name === INTRO_CHANNEL) ?? channels[0];
  dropView("");
  drawMembers((id) => orToast(() => actAs(id)));
  drawIntro(() => openSide("holds"));
  byId("team").textContent = session.state.team.name;
  stopListening = listen(me().id, happened, connectionChanged);
  if (wantedChannel === HOME) await openHomeTab();
  else await openChannel(channel.id);
}

function takeState(state) {
  session.state = state;
  setNow(state.now);
}

function connectionChanged(connected) {
  const again = connected && !pageConnected;
  pageConnected = connected;
  drawConnection(connected);
  if (!connected) document.body.dataset.connected = "false";
  if (again) void catchUp();
}

/** What happened while nobody listened is read anew. */
async function catchUp() {
  await renewState({ missedSome: true });
  if (session.channel) await orToast(() => conversation.load());
  document.body.dataset.connected = String(pageConnected);
}

/** The server counts what was not read anew from it; a page that missed nothing knows better. */
async function renewState({ missedSome = false } = {}) {
  await orToast(async () => {
    const before = missedSome ? [] : session.state.channels;
    takeState(await get("state", { user: me().id }));
    for (const channel of session.state.channels) {
      const known = before.find((one) => one.id === channel.id);
      channel.unread = channel.id === session.channel ? 0 : (known?.unread ?? channel.unread);
    }
    drawPlaces(openChannel, openHomeTab);
    drawInvitation(currentChannel());
    drawConnection(pageConnected);
  });
}

let renewTimer = 0;

/** After a burst of events: a side panel that shows the state of things looks again. */
function renewSoon() {
  clearTimeout(renewTimer);
  renewTimer = setTimeout(() => side.kind === "holds" && void orToast(drawHolds), RENEW_AFTER_MS);
}

function arrived({ type, channel, message }) {
  if (channel === session.channel) conversation.put(message);
  else if (type === "message" && isNews(message)) markUnread(channel);
  renewSoon();
}

const isNews = (message) => message.user !== me().id && (!message.thread_ts || message.thread_ts === message.ts);

function markUnread(id) {
  const channel = session.state.channels.find((one) => one.id === id);
  if (!channel) return void renewState();
  channel.unread = (channel.unread ?? 0) + 1;
  drawPlaces(openChannel, openHomeTab);
}

/** What each kind of event changes on the page. */
const EVENTS = {
  message: arrived,
  changed: arrived,
  deleted: ({ channel, ts }) => channel === session.channel && conversation.remove(ts),
  ephemeral: ({ channel, message }) => channel === session.channel && conversation.putNote(message),
  view: ({ view }) => showView(view),
  view_closed: ({ view_id: id }) => dropView(id),
  home: () => !session.channel && void renewHome(),
  toast: ({ text }) => toast(text, "error"),
  log: ({ entry }) => side.kind === "log" && addLogEntry(entry),
  delivery: () => void renewState(),
  controls: () => {
    void renewState();
    if (side.kind === "controls") void orToast(drawControls);
  },
};

function happened(event) {
  EVENTS[event.type]?.(event);
}

/** A link to a message of this workspace leads to it on this page instead of into a new one. */
async function followPermalink(event) {
  const address = event.target.closest("a[href]")?.href ?? "";
  const [, channel, seconds, micros] = address.startsWith(location.origin) ? (PERMALINK.exec(address) ?? []) : [];
  if (!session.state.channels.some((one) => one.id === channel)) return;
  event.preventDefault();
  if (channel !== session.channel) await openChannel(channel);
  const ts = `${seconds}.${micros}`;
  if (!main.reveal(ts)) toast("This message is gone, or it stands in a thread.");
}

function wire() {
  channelComposer(() => main.toEnd());
  composer({ box: byId("reply-box"), form: byId("reply"), thread: () => side.thread, sent: () => thread.toEnd() });
  wireUploads(() => side.thread);
  byId("invite").addEventListener("click", (event) =>
    whileBusy(event.currentTarget, () => orToast(() => post("invite", { user: me().id, channel: session.channel }))),
  );
  wireGlobalShortcuts();
  byId("side-close").addEventListener("click", closeSide);
  byId("side-renew").addEventListener("click", (event) => whileBusy(event.currentTarget, () => orToast(renewSide)));
  for (const kind of ["log", "controls"]) {
    byId(`open-${kind}`).addEventListener("click", () => (side.kind === kind ? closeSide() : void openSide(kind)));
  }
  byId("main").addEventListener("click", followPermalink);
  byId("side").addEventListener("click", followPermalink);
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault(); // the address is taken: it names member and channel
    byId("messages").focus();
  });
  byId("menu-button").addEventListener("click", () => document.body.classList.toggle("menu-open"));
  document.addEventListener("keydown", (event) => {
    const taken = event.defaultPrevented || document.querySelector("dialog[open]");
    if (event.key === "Escape" && !taken) closeSide();
  });
}

async function start() {
  wire();
  const address = readAddress();
  const { members } = await get("state");
  const member = members.find((one) => one.name === address.member) ?? members[0];
  await actAs(member.id, address.channel);
}

void orToast(start);
