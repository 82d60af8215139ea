/* The sheet on which a referral is written: what is asked depends on direction and channel, what is known is filled in,
   Enter goes on to the next field instead of sending a half-written sheet. */

const form = document.getElementById("writing");
const proposals = JSON.parse(document.getElementById("writing-defaults").textContent);
const field = (name) => form.elements.namedItem(name);
const touched = () => form.dispatchEvent(new Event("change", { bubbles: true }));

/* --- channel and direction ------------------------------------------------------------------------------------ */

/* before htmx asks for the destination that fits */
form.addEventListener(
  "change",
  (event) => {
    if (event.target.name !== "green_channel") return;
    form.dataset.channel = form.querySelector('[name="green_channel"]:checked')?.value ? "green" : "";
    form.querySelector("[data-channel-field]").value = form.dataset.channel;
  },
  true
);

function turn(direction) {
  if (!direction || direction === form.dataset.direction) return;
  const before = proposals[form.dataset.direction] ?? proposals.up;
  const after = proposals[direction] ?? proposals.up;
  for (const [name, value] of Object.entries(after)) {
    const input = field(name);
    if (input && (!input.value || input.value === before[name])) input.value = value;
  }
  form.dataset.direction = direction;
  if (direction === "down") for (const fold of form.querySelectorAll("[data-open-down]")) fold.open = true;
}

/* An emergency is seen as one, unless somebody has chosen otherwise. */
form.addEventListener("change", (event) => {
  const kind = field("kind");
  if (event.target.name !== "urgency" || !kind) return;
  if (event.target.value === "emergency" && kind.value === "outpatient") kind.value = "emergency";
  else if (event.target.value !== "emergency" && kind.value === "emergency") kind.value = "outpatient";
});

/* --- what is known of the patient ------------------------------------------------------------------------------ */

function fillIfEmpty(name, value) {
  const input = field(name);
  if (input && !input.value && value) input.value = value;
}

function takeOver(known) {
  fillIfEmpty("past_history", known.past_history);
  fillIfEmpty("allergies", (known.allergies ?? []).join("、"));
  fillIfEmpty("insurance_kind", known.insurance?.kind);
  for (const box of form.querySelectorAll('[name="priority"]')) box.checked ||= (known.priority ?? []).includes(box.value);
}

/* Where the doctor goes on after the patient is found: the first thing still open. */
function goOn() {
  const green = form.dataset.channel === "green";
  const where = green || field("department")?.value ? [] : ["specialty"];
  const open = [...where, "department", ...(green ? [] : ["diagnoses-0-text"]), "history"].map(field);
  open.find((input) => input && !input.value && input.checkVisibility?.() !== false)?.focus();
}

/* not before it has settled: until then elements of the same id still look as they did */
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "patient") return;
  const known = document.getElementById("prefill");
  if (known) takeOver(JSON.parse(known.textContent));
  if (form.querySelector("[data-patient-chosen]")) goOn();
  else (form.querySelector("#patient .is-invalid") ?? form.querySelector("#q") ?? form.querySelector("#patient .form-control"))?.focus();
  touched();
});

document.addEventListener("htmx:afterSettle", () => turn(document.getElementById("destination")?.dataset.direction));

/* --- who could take the patient -------------------------------------------------------------------------------- */

const suggested = () => Array.from(form.querySelectorAll('[name="suggestion"]'));

/* What stands in the form is what is marked in the list. */
function mark() {
  const where = `${field("receiver")?.value} ${field("department")?.value}`;
  for (const one of suggested()) one.checked = one.value === where;
}

/* The department of another specialty must not be left standing. */
form.addEventListener("change", (event) => {
  const room = field("department");
  if (event.target.name === "specialty" && event.target.value && room) room.value = "";
  else if (event.target.name === "department") mark();
});

document.addEventListener("htmx:afterSettle", (event) => {
  const several = suggested();
  const asked = event.detail.requestConfig?.elt?.id === "specialty";
  if (asked && several.length === 1) several[0].click();
  else mark();
});

/* --- what this computer had kept (draft.js) ------------------------------------------------------------------------ */

/* Every field that is put back says it has changed; only one question about the destination and one about the patient
   are asked, when all of them are back. */
let restoring = false;

form.addEventListener("draft:restore", (event) => {
  const kept = Object.fromEntries(event.detail);
  restoring = true;
  setTimeout(async () => {
    restoring = false;
    const source = document.getElementById("destination");
    const values = { direction: kept.direction ?? "", receiver: kept.receiver ?? "", department: kept.department ?? "" };
    const address = form.querySelector(".channel-row")?.getAttribute("hx-post");
    if (source && address) await window.htmx.ajax("POST", address, { source, target: source, swap: "outerHTML", values });
    if (kept.patient) field("patient").dispatchEvent(new Event("change", { bubbles: true }));
  });
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (restoring) event.preventDefault();
});

/* --- the keyboard ----------------------------------------------------------------------------------------------- */

function stops() {
  const found = form.querySelectorAll("input:not([type=hidden]):not([hidden]), select, textarea, button.btn-primary");
  return Array.from(found).filter((stop) => stop.offsetParent !== null && !stop.disabled);
}

function enterInSearch() {
  const results = document.querySelectorAll("[data-result]");
  if (results.length === 1) results[0].click();
  else results[0]?.focus();
}

form.addEventListener("keydown", (event) => {
  const here = event.target;
  if (event.key !== "Enter" || event.isComposing || !here.matches("input, select")) return;
  event.preventDefault();
  if (here.id === "q") {
    enterInSearch();
    return;
  }
  const all = stops();
  all[all.indexOf(here) + 1]?.focus();
});

/* --- what still needs a look ------------------------------------------------------------------------------------ */

for (const pointer of (form.querySelector("[data-missing]")?.dataset.missing ?? "").split(" ").filter(Boolean)) {
  form.querySelector(`[data-field="${CSS.escape(pointer.split("/")[1])}"]`)?.classList.add("field-missing");
}
for (const wrong of form.querySelectorAll("details .field-error, details .is-invalid, details .field-missing")) {
  wrong.closest("details").open = true;
}
