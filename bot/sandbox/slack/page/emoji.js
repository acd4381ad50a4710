import { el } from "./dom.js";

/** The emoji names a labelling bot and its people are likely to write; any other stays `:name:`. */

const BY_NAME = {
  "+1": "👍", "-1": "👎", adult: "🧑", alarm_clock: "⏰", arrow_left: "⬅️", arrow_right: "➡️",
  arrows_counterclockwise: "🔄", ballot_box_with_check: "☑️", bar_chart: "📊", bell: "🔔", blue_heart: "💙",
  bulb: "💡", camera: "📷", car: "🚗", cat: "🐈", chart_with_upwards_trend: "📈", clap: "👏", clock3: "🕒",
  construction: "🚧", cry: "😢", dog: "🐕", double_vertical_bar: "⏸️", exclamation: "❗", eyes: "👀",
  fire: "🔥", frame_with_picture: "🖼️", gear: "⚙️", grey_question: "❔", hammer_and_wrench: "🛠️", heart: "❤️",
  heavy_check_mark: "✔️", heavy_plus_sign: "➕", heavy_minus_sign: "➖", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", information_source: "ℹ️", joy: "😂", key: "🔑", label: "🏷️",
  large_blue_circle: "🔵", large_green_circle: "🟢", large_orange_circle: "🟠", large_red_circle: "🔴",
  large_yellow_circle: "🟡", leftwards_arrow_with_hook: "↩️", link: "🔗", lock: "🔒", mag: "🔍",
  man: "👨", memo: "📝", microscope: "🔬", moneybag: "💰", new: "🆕", no_entry: "⛔", no_entry_sign: "🚫",
  octagonal_sign: "🛑", ok: "🆗", ok_hand: "👌", package: "📦", pencil2: "✏️", point_right: "👉", pray: "🙏",
  pushpin: "📌", question: "❓", raised_hands: "🙌", repeat: "🔁", robot_face: "🤖", rocket: "🚀",
  rotating_light: "🚨", scales: "⚖️", seedling: "🌱", shrug: "🤷", slightly_smiling_face: "🙂", smile: "😄",
  sparkles: "✨", speech_balloon: "💬", star: "⭐", sunrise: "🌅", tada: "🎉", thinking_face: "🤔",
  thumbsdown: "👎", thumbsup: "👍", timer_clock: "⏲️", trophy: "🏆", warning: "⚠️", wastebasket: "🗑️",
  wave: "👋", white_check_mark: "✅", white_circle: "⚪", woman: "👩", wrench: "🔧", x: "❌", zap: "⚡",
};

/** Marks a state is told by; drawn by blocks.css, because not every machine has a font with emoji. */
const DRAWN = { "✅": "check", "❌": "cross", "⚠️": "warning", "⚠": "warning", "⏳": "hourglass", "⌛": "hourglass" };
export const DRAWN_PATTERN = "[✅❌⏳⌛]|⚠️?";

/** Offered at once when somebody reacts. */
export const QUICK = ["eyes", "white_check_mark", "+1", "tada", "thinking_face", "heart"];

/** One emoji character; those that are drawn keep it as their text. */
export const emojiCharacter = (character) =>
  Object.hasOwn(DRAWN, character) ? el("span", { class: `emoji ${DRAWN[character]}` }, character) : character;

/** An emoji by its name, which stays as it was written when nobody knows it. */
export const emoji = (name) => (Object.hasOwn(BY_NAME, name) ? emojiCharacter(BY_NAME[name]) : `:${name}:`);
