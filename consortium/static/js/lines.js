/* Tables of rows in a form: [data-lines] with [data-lines-row]s, a <template> for a new one, [data-lines-add] and
   [data-lines-remove]. Without this script there are a few empty rows; with it one where nothing is filled, and
   more on demand. */

const MOST = 50;

function prepare(table) {
  if (table.dataset.ready) return;
  table.dataset.ready = "yes";
  const spare = Array.from(table.querySelectorAll("[data-lines-spare]"));
  const filled = table.querySelectorAll("[data-lines-row]").length > spare.length;
  spare.slice(filled ? 0 : 1).forEach((row) => row.remove());
  for (const button of table.querySelectorAll("[data-lines-add], [data-lines-adopt]")) button.hidden = false;
  show(table);
}

/* A single row cannot be removed, only emptied. */
function show(table) {
  const rows = table.querySelectorAll("[data-lines-row]");
  for (const button of table.querySelectorAll("[data-lines-remove]")) button.hidden = rows.length < 2;
  table.querySelector("[data-lines-add]").disabled = rows.length >= MOST;
}

function nextIndex(table) {
  const numbers = Array.from(table.querySelectorAll("[data-lines-row] [name]"), (field) => {
    const match = field.name.match(/-(\d+)-/);
    return match ? Number(match[1]) : Number(field.type === "radio" ? field.value : -1);
  });
  return Math.max(-1, ...numbers) + 1;
}

function add(table, index = nextIndex(table)) {
  const holder = document.createElement("div");
  holder.append(table.querySelector("template").content.cloneNode(true));
  for (const element of holder.querySelectorAll("*")) {
    for (const attribute of ["id", "name", "value", "for", "aria-describedby"]) {
      const value = element.getAttribute(attribute);
      if (value?.includes("__row__")) element.setAttribute(attribute, value.replace("__row__", index));
    }
  }
  const row = holder.firstElementChild;
  table.querySelector("[data-lines-rows]").append(row);
  show(table);
  return row;
}

/* What is offered beside the table goes into its empty rows; what is typed already stays. */
function adopt(table, offered) {
  const text = (row, column) => row.querySelector(`[name$="-${column}"]:not([type="radio"])`);
  const rows = () => Array.from(table.querySelectorAll("[data-lines-row]"));
  for (const values of offered) {
    if (rows().some((row) => text(row, "text")?.value.trim() === values.text)) continue;
    const row = rows().find((each) => !text(each, "text")?.value.trim()) || add(table);
    for (const [column, value] of Object.entries(values)) {
      const field = text(row, column);
      if (field) field.value = value ?? "";
    }
    const primary = row.querySelector('input[type="radio"]');
    if (primary && values.primary && !table.querySelector('input[type="radio"]:checked')) primary.checked = true;
  }
  table.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const adopting = event.target.closest("[data-lines-adopt]");
  if (adopting) adopt(adopting.closest("[data-lines]"), JSON.parse(adopting.dataset.linesAdopt));
  const adding = event.target.closest("[data-lines-add]");
  if (adding) add(adding.closest("[data-lines]")).querySelector("input, select")?.focus();
  const removing = event.target.closest("[data-lines-remove]");
  if (!removing) return;
  const table = removing.closest("[data-lines]");
  removing.closest("[data-lines-row]").remove();
  show(table);
  table.dispatchEvent(new Event("change", { bubbles: true }));
  table.querySelector("[data-lines-add]").focus();
});

/* What is put back (js/draft.js) may have more rows than the page. */
document.addEventListener("draft:restore", (event) => {
  for (const table of event.target.querySelectorAll("[data-lines]")) {
    const row = new RegExp(`^${table.dataset.lines}-(\\d+)-`);
    const wanted = new Set(event.detail.map(([name]) => name.match(row)?.[1]).filter(Boolean).map(Number));
    for (const index of wanted) if (!table.querySelector(`[name^="${table.dataset.lines}-${index}-"]`)) add(table, index);
  }
});

function prepareAll(root) {
  for (const table of root.querySelectorAll("[data-lines]")) prepare(table);
}

document.addEventListener("htmx:afterSwap", (event) => prepareAll(event.detail.target));
prepareAll(document);
