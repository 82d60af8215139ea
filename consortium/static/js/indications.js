/* Indications on the sheet: asked anew when what they rest on has changed, taken over by one click. */

const form = document.getElementById("writing");
const field = (name) => form.elements.namedItem(name);
const RESTS_ON = '[data-field="diagnoses"], [data-field="vitals"], #signs-asked, #indications';
let signsOpen = false;

function propose() {
  const box = document.getElementById("indications");
  if (box) window.htmx?.trigger(box, "indicate");
}

form.addEventListener("change", (event) => {
  if (event.target === form || event.target.closest(RESTS_ON)) propose();
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id === "destination") propose();
});

/* What has been unfolded stays so. */
form.addEventListener("toggle", (event) => {
  if (event.target.id === "signs") signsOpen = event.target.open;
}, true);

document.addEventListener("htmx:afterSwap", (event) => {
  const signs = document.getElementById("signs");
  if (["indications", "signs-asked"].includes(event.detail.target.id) && signs && signsOpen) signs.open = true;
});

/* One click takes over how urgent the rule finds it, and the reason it gives. */
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take-urgency]");
  if (!button) return;
  for (const [name, value] of [["urgency", button.dataset.takeUrgency], ["reason", button.dataset.takeReason]]) {
    const input = field(name);
    if (!input || !value) continue;
    input.value = value;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

/* What this computer had kept (draft.js) may be ticked in a box that is not on the page yet: it is asked for. */
let kept = null;

form.addEventListener("draft:restore", (event) => {
  const ticked = (name) => event.detail.filter(([each]) => each === name).map(([, value]) => value);
  kept = { signs: ticked("signs"), declined_indications: ticked("declined_indications") };
  setTimeout(() => setTimeout(propose)); // after writing.js lets requests through again
});

document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id !== "indications" || !kept) return;
  for (const [name, values] of Object.entries(kept)) event.detail.parameters[name] = values;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "indications") kept = null;
});
