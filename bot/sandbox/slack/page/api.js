/** The page's only way to the sandbox server. Errors arrive as one plain sentence. */

export class Refused extends Error {}

const BASE = "/page/api/";
// A foreign web page cannot send this header without the server's consent, so it cannot drive the workspace.
const OURS = { "X-Sandbox": "1" };

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(body.error || `The sandbox answered ${response.status}.`);
  return body;
}

async function reach(path, options) {
  try {
    return await fetch(BASE + path, options);
  } catch {
    throw new Refused("The sandbox is not running. Start it again; this page goes on by itself.");
  }
}

/** @param {string} path @param {Record<string, string>} [query] */
export async function get(path, query = {}) {
  const search = new URLSearchParams(query).toString();
  return answer(await reach(search ? `${path}?${search}` : path, { cache: "no-store" }));
}

/** @param {string} path @param {object} body */
export async function post(path, body) {
  const headers = { ...OURS, "Content-Type": "application/json" };
  return answer(await reach(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

/**
 * Send files as one message. XMLHttpRequest because fetch cannot report how much has been sent.
 * @param {{user: string, channel: string, threadTs?: string, files: File[], onProgress: (share: number) => void}} upload
 */
export function upload({ user, channel, threadTs = "", files, onProgress }) {
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  const request = new XMLHttpRequest();
  request.open("POST", `${BASE}upload?${new URLSearchParams({ user, channel, thread_ts: threadTs })}`);
  request.setRequestHeader("X-Sandbox", "1");
  request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(new Refused("The upload was interrupted. Is the sandbox running?"));
    request.onload = () => (request.status < 300 ? resolve() : reject(new Refused(uploadError(request))));
    request.send(form);
  });
}

/** Hand files to the app through a form, without posting them anywhere; answers them as the app will see them. */
export async function giveFiles(user, files) {
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  return (await answer(await reach(`files?${new URLSearchParams({ user })}`, { method: "POST", headers: OURS, body: form }))).files;
}

function uploadError(request) {
  try {
    return JSON.parse(request.responseText).error || `The sandbox answered ${request.status}.`;
  } catch {
    return `The sandbox answered ${request.status}.`;
  }
}

/**
 * Listen to the workspace as `user` until the returned function is called.
 * @param {string} user
 * @param {(event: any) => void} onEvent
 * @param {(connected: boolean) => void} onConnection called on every (re)connection and every loss
 */
export function listen(user, onEvent, onConnection) {
  const source = new EventSource(`${BASE}events?${new URLSearchParams({ user })}`);
  source.onopen = () => onConnection(true);
  source.onerror = () => onConnection(false);
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  return () => source.close();
}

export const fileUrl = (id) => `/page/file/${encodeURIComponent(id)}`;
/** A drawing of a picture that browsers cannot show themselves. */
export const drawingUrl = (id) => `${fileUrl(id)}?thumb=1024`;
