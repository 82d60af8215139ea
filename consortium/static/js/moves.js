/* The form of a move inside the referral's page: into sight, closed again, and only the departments of the chosen house. */

/* Options stand in one group for each institution ([data-houses] names their codes); the others' groups are set aside. */
function narrow(form) {
  const house = form.elements.namedItem("receiver");
  const department = form.elements.namedItem("department");
  const names = form.querySelector("[data-houses]");
  if (!house || !department || !names) return;
  department.groups ??= Array.from(department.querySelectorAll("optgroup"));
  const chosen = Array.from(names.children).find((each) => each.dataset.code === house.value)?.dataset.label;
  const before = department.value;
  for (const group of department.groups) group.remove();
  for (const group of department.groups) if (!chosen || group.label === chosen) department.append(group);
  department.value = before;
  if (department.selectedIndex < 0) department.selectedIndex = 0;
  const shown = department.querySelectorAll("optgroup option");
  if (chosen && shown.length === 1) department.value = shown[0].value;
}

/* What becomes required with a choice loses its mark "选填" while that choice stands: data-needed-with, see MoveForm. */
function weigh(form) {
  const rules = JSON.parse(form.dataset.neededWith ?? "{}");
  for (const [name, choosers] of Object.entries(rules)) {
    const needed = Object.entries(choosers).some(([chooser, codes]) => codes.includes(form.elements.namedItem(chooser)?.value));
    const field = form.elements.namedItem(name);
    const mark = field?.closest(".field")?.querySelector(".field-optional");
    if (mark) mark.hidden = needed;
    field?.setAttribute("aria-required", String(needed));
  }
}

function prepare(form) {
  narrow(form);
  weigh(form);
}

document.addEventListener("change", (event) => {
  const { form } = event.target;
  if (event.target.name === "receiver" && form) narrow(form);
  if (form?.matches("[data-needed-with]")) weigh(form);
});

for (const form of document.querySelectorAll(".move-form")) prepare(form);

function mark(link) {
  for (const each of document.querySelectorAll("[data-move]")) each.setAttribute("aria-expanded", String(each === link));
}

document.addEventListener("htmx:afterSwap", (event) => {
  const place = event.detail.target;
  if (place.id !== "move") return;
  const opener = event.detail.requestConfig.elt;
  if (opener.matches("[data-move]")) mark(opener);
  for (const form of place.querySelectorAll("form")) prepare(form);
  document.getElementById("refusals").replaceChildren();
  const { top, bottom } = place.getBoundingClientRect();
  if (top < 0 || bottom > window.innerHeight) place.scrollIntoView({ block: "start" });
  const first = place.querySelector("[data-focus]") ?? place.querySelector("input:not([type=hidden]), select, textarea");
  (first ?? place).focus({ preventScroll: true });
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-move-close]")) return;
  const opener = document.querySelector("[data-move][aria-expanded=true]");
  document.getElementById("move").replaceChildren();
  mark(null);
  opener?.focus();
});
