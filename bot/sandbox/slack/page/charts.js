/** The chart block: drawn, and the same figures as a table for whoever reads rather than looks. */
import { el } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 560;
const HEIGHT = 180;
const PAD = 8;
const HUES = 6; // as many chart colours as blocks.css has

function shape(tag, props) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, String(value));
  return node;
}

/** Series by name over the same categories; a pie is one series over its segments. */
function figures({ type, series, axis_config: axis, segments }) {
  if (type === "pie") return { categories: segments.map((one) => one.label), series: [{ name: "", values: segments.map((one) => one.value) }] };
  const value = (one, label) => one.data.find((point) => point.label === label)?.value ?? 0;
  return { categories: axis.categories, series: series.map((one) => ({ name: one.name, values: axis.categories.map((label) => value(one, label)) })) };
}

function bars({ categories, series }, y) {
  const slot = (WIDTH - 2 * PAD) / categories.length;
  const width = (slot * 0.8) / series.length;
  return series.flatMap(({ values }, at) =>
    values.map((value, place) => {
      const [top, bottom] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
      return shape("rect", { class: `series-${at % HUES}`, x: PAD + slot * (place + 0.1) + width * at, y: top, width, height: Math.max(1, bottom - top) });
    }),
  );
}

function lines({ categories, series }, y, filled) {
  const x = (place) => PAD + ((WIDTH - 2 * PAD) * (place + 0.5)) / categories.length;
  return series.map(({ values }, at) => {
    const points = values.map((value, place) => `${x(place)},${y(value)}`);
    const ends = filled ? [`${x(values.length - 1)},${y(0)}`, `${x(0)},${y(0)}`] : [];
    return shape(filled ? "polygon" : "polyline", { class: `line series-${at % HUES}`, points: [...points, ...ends].join(" ") });
  });
}

function drawing(type, data) {
  const all = data.series.flatMap((one) => one.values);
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const y = (value) => HEIGHT - PAD - ((HEIGHT - 2 * PAD) * (value - low)) / (high - low || 1);
  const marks = type === "line" || type === "area" ? lines(data, y, type === "area") : bars(data, y);
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", "aria-hidden": "true" });
  svg.append(...marks);
  return svg;
}

function table({ categories, series }) {
  const head = el("tr", {}, el("th", {}, ""), ...categories.map((label) => el("th", { scope: "col" }, label)));
  const rows = series.map((one, at) => el("tr", {}, el("th", { scope: "row", class: `key-${at % HUES}` }, one.name), ...one.values.map((value) => el("td", { class: "right" }, String(value)))));
  return el("div", { class: "table-frame" }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows)));
}

/** A data_visualization block. */
export function chart(block) {
  const data = figures(block.chart);
  return el("figure", { class: "chart-block" }, el("figcaption", { dir: "auto" }, block.title), drawing(block.chart.type, data), table(data));
}
