/** Times are shown in the zone of the browser, whoever the page acts for. What "today" is, the workspace says. */

const format = (options) => new Intl.DateTimeFormat(undefined, options);
const TIME = format({ hour: "numeric", minute: "2-digit" });
const TIME_SECONDS = format({ hour: "numeric", minute: "2-digit", second: "2-digit" });
const NUMERIC = format({ year: "numeric", month: "2-digit", day: "2-digit" });
const SHORT = format({ month: "short", day: "numeric", year: "numeric" });
const MEDIUM = format({ month: "long", day: "numeric", year: "numeric" });
const LONG = format({ weekday: "long", month: "long", day: "numeric", year: "numeric" });
const FULL = format({ dateStyle: "full", timeStyle: "medium" });

let aheadMs = 0; // the workspace's clock may have been moved

/** @param {number} seconds the workspace's Unix time now */
export const setNow = (seconds) => (aheadMs = seconds * 1000 - Date.now());
const now = () => new Date(Date.now() + aheadMs);

/** @param {string} ts a message's ts, "seconds.micro" */
export const moment = (ts) => new Date(Number.parseFloat(ts) * 1000);
export const clockTime = (ts) => TIME.format(moment(ts));
export const fullTime = (ts) => FULL.format(moment(ts));
export const secondsTime = (date) => TIME_SECONDS.format(date);

/** "Today", "Yesterday" or the date, for the line between two days. */
export function dayName(ts) {
  return near(moment(ts)) ?? LONG.format(moment(ts));
}

/** Sortable name of the local day. */
export function dayKey(ts) {
  const at = moment(ts);
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

function near(date) {
  const midnight = (value) => new Date(value.getFullYear(), value.getMonth(), value.getDate());
  const days = Math.round((midnight(now()) - midnight(date)) / 86_400_000);
  return { 0: "Today", 1: "Yesterday", "-1": "Tomorrow" }[days];
}

function ago(date) {
  const seconds = Math.max(0, Math.round((now() - date) / 1000));
  const [size, unit] = [[86_400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]].find(([size]) => seconds >= size) ?? [1, "second"];
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}

const pretty = (fallback) => (date) => near(date)?.toLowerCase() ?? fallback.format(date);
const TOKENS = {
  date_num: (date) => NUMERIC.format(date),
  date_slash: (date) => NUMERIC.format(date),
  date: (date) => MEDIUM.format(date),
  date_short: (date) => SHORT.format(date),
  date_long: (date) => LONG.format(date),
  date_pretty: pretty(MEDIUM),
  date_short_pretty: pretty(SHORT),
  date_long_pretty: pretty(LONG),
  day_divider_pretty: pretty(LONG),
  time: (date) => TIME.format(date),
  time_secs: (date) => TIME_SECONDS.format(date),
  ago,
};

/**
 * The words of a `<!date^unix^pattern|fallback>` token. A pattern with an unknown word gives the fallback.
 * @param {string} unix @param {string} pattern @param {string} fallback
 */
export function dateWords(unix, pattern, fallback) {
  const date = new Date(Number(unix) * 1000);
  if (Number.isNaN(date.getTime())) return fallback;
  let known = true;
  const words = pattern.replace(/\{(\w+)\}/g, (whole, name) => {
    known &&= name in TOKENS;
    return TOKENS[name]?.(date) ?? whole;
  });
  return known ? words : fallback;
}
