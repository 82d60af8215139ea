/* The charts of the overview. Data and words come from the page (#charts); the tables below say the same.
   The content security policy allows no style or script in the page: canvas, and tooltips drawn, not written as HTML. */

const { echarts } = window;
const charts = JSON.parse(document.getElementById("charts").textContent);
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const INK = token("--ink"), INK_2 = token("--ink-2"), LINE = token("--line"), BRAND = token("--brand"), BAD = token("--bad");
const FONT = token("--font");
const HUES = ["--brand", "--home", "--here", "--warn", "--move", "--agree", "--wait", "--bad"].map(token);
const NARROW = 480, BAR = 34, FLOW = 46;

function common(chart) {
  return {
    animation: false, // figures stand still, and are whole when somebody prints them
    textStyle: { fontFamily: FONT, color: INK, fontSize: 13 },
    tooltip: {
      renderMode: "richText", confine: true, borderColor: LINE, textStyle: { color: INK, fontSize: 13 },
      formatter: (point) => point.data.tip || "",
    },
    aria: { enabled: false }, // the box around it is named, and the table beside it says the same
    ...chart,
  };
}

function bars({ bars: rows, most, unit = "", tone }, width) {
  const room = Math.min(230, Math.round(width * (width < NARROW ? 0.42 : 0.36)));
  return common({
    grid: { outerBoundsMode: "none", left: room, right: width < NARROW ? 84 : 96, top: 4, bottom: 4 },
    xAxis: { type: "value", min: 0, max: most, show: false },
    yAxis: {
      type: "category", inverse: true, data: rows.map((row) => row.label), axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { width: room - 12, overflow: "break", lineHeight: 15, color: INK },
    },
    series: [{
      type: "bar", barMaxWidth: 18, itemStyle: { color: tone === "late" ? BAD : BRAND, borderRadius: [0, 3, 3, 0] },
      showBackground: most !== undefined, backgroundStyle: { color: LINE, opacity: 0.5 },
      label: { show: true, position: "right", color: INK, formatter: (point) => point.data.text },
      data: rows.map((row) => ({ value: row.value, text: row.text, url: row.url, tip: `${row.label}\n${row.value}${unit}  ${row.text}` })),
      cursor: rows.some((row) => row.url) ? "pointer" : "default",
    }],
  });
}

function flows({ nodes, links }, width) {
  const room = width < NARROW ? 96 : 130;
  const hue = new Map(nodes.map((node, index) => [node.name, HUES[index % HUES.length]]));
  return common({
    series: [{
      type: "sankey", left: room, right: room, top: 8, bottom: 8, nodeWidth: 10, nodeGap: 14, draggable: false, layoutIterations: 32,
      emphasis: { focus: "adjacency" },
      data: nodes.map((node) => ({
        name: node.name, itemStyle: { color: hue.get(node.name) },
        label: {
          position: node.name.startsWith("from ") ? "left" : "right", color: INK, width: room - 16, overflow: "break", lineHeight: 15,
          formatter: node.label,
        },
      })),
      links: links.map((link) => ({ ...link, tip: link.text })),
      edgeLabel: { show: true, color: INK_2, fontSize: 12, formatter: ({ data }) => (data.value > 1 ? String(data.value) : "") },
      lineStyle: { color: "source", opacity: 0.35, curveness: 0.5 },
    }],
  });
}

function height(chart) {
  if (chart.kind === "bars") return Math.max(1, chart.bars.length) * BAR + 8;
  const sides = ["from ", "to "].map((side) => chart.nodes.filter((node) => node.name.startsWith(side)).length);
  return Math.max(180, Math.max(...sides) * FLOW);
}

function show(box, chart) {
  const drawn = echarts.getInstanceByDom(box) || echarts.init(box, null, { renderer: "canvas" });
  drawn.resize();
  drawn.setOption((chart.kind === "flows" ? flows : bars)(chart, box.clientWidth), true);
  drawn.off("click");
  drawn.on("click", (point) => point.data?.url && window.location.assign(point.data.url));
}

/* The first call comes when the box has its width. */
const sized = new ResizeObserver((entries) => {
  for (const { target } of entries) if (target.clientWidth > 0) show(target, charts[target.dataset.chart]);
});

for (const box of document.querySelectorAll("[data-chart]")) {
  box.style.height = `${height(charts[box.dataset.chart])}px`;
  sized.observe(box);
}
