// Draws the charts whose options the server builds; everything that it shows is also in a table beside the chart.
//
// Loaded only by pages that have a chart. The options are plain JSON (no functions), so this file adds what JSON cannot
// say: the theme's colours, the reader's way to write numbers, and the size.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, DatasetComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, AriaComponent, DatasetComponent, GridComponent, TooltipComponent, CanvasRenderer]);

/** Chart state by the element that it is drawn in. */
const drawn = new Map();

/** One pixel, to ask what a colour is; `copy` leaves nothing of the colour before. */
const pixel = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
const context = Object.assign(pixel.getContext("2d", { willReadFrequently: true }), { globalCompositeOperation: "copy" });

/** A CSS variable as the browser resolves it here, in a form that a canvas takes. */
function colour(element, name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  element.append(probe);
  context.fillStyle = getComputedStyle(probe).color;
  context.fillRect(0, 0, 1, 1);
  probe.remove();
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  return `rgba(${red}, ${green}, ${blue}, ${alpha / 255})`;
}

/** Numbers as the page's language writes them; with a currency, as money without cents on an axis. */
function writers(currency) {
  const language = document.documentElement.lang || undefined;
  const plain = new Intl.NumberFormat(language, { maximumFractionDigits: 5 });
  if (!currency) return { axis: (value) => plain.format(value), exact: (value) => plain.format(value) };
  const short = new Intl.NumberFormat(language, { style: "currency", currency, maximumFractionDigits: 0 });
  const exact = new Intl.NumberFormat(language, { style: "currency", currency });
  return { axis: (value) => short.format(value), exact: (value) => exact.format(value) };
}

const listed = (value) => (Array.isArray(value) ? value : value ? [value] : []);

/** The server's options, dressed for this element. */
function dressed(element, { legend, title, ...options }, currency) {
  const ink = colour(element, "--ink-2");
  const line = colour(element, "--line");
  const font = getComputedStyle(element).fontFamily;
  const write = writers(currency);
  // Figures along the bottom need more room than figures up the side.
  const fewer = listed(options.yAxis)[0]?.type === "category" || element.clientWidth < 420;
  const axis = (part) => ({
    ...part,
    axisLine: { show: part.type === "category", lineStyle: { color: line } },
    axisTick: { show: false },
    splitLine: { show: part.type !== "category", lineStyle: { color: line } },
    axisLabel: {
      ...part.axisLabel,
      color: ink,
      fontSize: 12,
      hideOverlap: true,
      ...(part.type === "category"
        ? { width: Math.min(170, element.clientWidth * 0.4), overflow: "truncate" }
        : { formatter: write.axis }),
    },
    ...(fewer && part.type !== "category" ? { splitNumber: 3 } : {}),
  });
  return {
    ...options,
    backgroundColor: "transparent",
    textStyle: { fontFamily: font, color: ink },
    color: [colour(element, "--series-1"), colour(element, "--series-2")],
    animationDurationUpdate: 300,
    grid: { left: 4, right: 16, top: 16, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    aria: { enabled: false },
    // Drawn on the canvas: an HTML tooltip would need inline styles, which the page's policy forbids.
    tooltip: {
      ...listed(options.tooltip)[0],
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      axisPointer: { type: "shadow", shadowStyle: { color: line, opacity: 0.4 } },
      backgroundColor: colour(element, "--raised"),
      borderColor: line,
      textStyle: { color: colour(element, "--ink"), fontFamily: font },
      valueFormatter: write.exact,
    },
    xAxis: listed(options.xAxis).map(axis),
    yAxis: listed(options.yAxis).map(axis),
    series: listed(options.series).map((part) => ({
      ...part,
      barMaxWidth: 28,
      itemStyle: { ...part.itemStyle, borderRadius: listed(options.yAxis)[0]?.type === "category" ? [0, 4, 4, 0] : [4, 4, 0, 0] },
    })),
  };
}

function paint({ chart, element, options, currency }, animation) {
  if (!chart) return;
  const still = !animation || matchMedia("(prefers-reduced-motion: reduce)").matches;
  // Drawn with the next frame, so that making ready and drawing are two tasks.
  chart.setOption({ ...dressed(element, options, currency), animation: !still }, { notMerge: true, lazyUpdate: true });
}

/** Draws `options` (JSON text) in `element`, as soon as somebody can see it; a second call draws anew. */
function draw(element, options, currency) {
  dispose(element);
  const state = { chart: null, element, options: JSON.parse(options), currency, width: 0 };
  state.resize = new ResizeObserver(() => fit(state));
  state.sight = new IntersectionObserver((sights) => {
    if (!sights.some((sight) => sight.isIntersecting)) return;
    state.sight.disconnect();
    // The first drawing takes long: each chart's is a task of its own.
    setTimeout(() => {
      if (drawn.get(element) !== state) return;
      fit(state);
      state.resize.observe(element);
    });
  });
  state.sight.observe(element);
  drawn.set(element, state);
}

/** Gives a chart the size of its element. */
function fit(state) {
  const { element } = state;
  if (!element.clientWidth || element.clientWidth === state.width) return;
  const isFirst = !state.chart;
  state.width = element.clientWidth;
  state.chart ??= init(element, null, { renderer: "canvas" });
  state.chart.resize();
  paint(state, isFirst);
}

/** What the bars are compared with: steps, thin and broken, so that it is told apart without its colour. */
const compared = (data, name) => ({
  type: "line", step: "middle", name, data, symbol: "none", lineStyle: { width: 2, type: [4, 3] }, z: 3,
});

/**
 * Puts new figures into a drawn chart; its looks stay. All are JSON arrays: `before`, when not empty, is what `values`
 * are compared with, and `names` what the two are called.
 */
function update(element, labels, values, before, names) {
  const state = drawn.get(element);
  if (!state) return;
  const categories = JSON.parse(labels);
  const line = JSON.parse(before);
  const called = JSON.parse(names);
  const { options } = state;
  delete options.dataset;
  for (const part of [...listed(options.xAxis), ...listed(options.yAxis)]) {
    if (part.type === "category") part.data = categories;
  }
  const [first] = listed(options.series);
  if (first) {
    first.data = JSON.parse(values);
    delete first.encode;
    if (line.length) first.name = called[0];
    const had = listed(options.series).length;
    options.series = line.length ? [first, compared(line, called[1])] : [first];
    if (options.series.length !== had) {
      paint(state, false);
      return;
    }
  }
  state.chart?.setOption({
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    xAxis: listed(options.xAxis).map(({ data }) => (data ? { data } : {})),
    yAxis: listed(options.yAxis).map(({ data }) => (data ? { data } : {})),
    series: listed(options.series).map(({ data, name }) => ({ data, name })),
  });
}

/** Forgets the chart of `element`. */
function dispose(element) {
  const state = drawn.get(element);
  if (!state) return;
  state.sight.disconnect();
  state.resize.disconnect();
  state.chart?.dispose();
  drawn.delete(element);
}

const repaint = () => requestAnimationFrame(() => drawn.forEach((state) => paint(state, false)));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["class", "lang", "data-theme"] });

globalThis.storeroomChart = { draw, update, dispose };
