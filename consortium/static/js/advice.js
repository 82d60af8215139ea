/* Asking on one screen: Enter looks the patient up or goes on instead of sending a half-written question. */

const form = document.getElementById("asking");

form.addEventListener("keydown", (event) => {
  const here = event.target;
  if (event.key !== "Enter" || event.isComposing || !here.matches("input, select")) return;
  event.preventDefault();
  if (here.id !== "q") return;
  const results = document.querySelectorAll("[data-result]");
  if (results.length === 1) results[0].click();
  else results[0]?.focus();
});

/* not before it has settled: until then elements of the same id still look as they did */
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "patient") return;
  const open = [form.elements.namedItem("department"), form.elements.namedItem("question")];
  if (form.querySelector("[data-patient-chosen]")) (open.find((field) => field && !field.value) ?? form.querySelector("button.btn-primary")).focus();
  else (form.querySelector("#q") ?? form.querySelector("#patient .form-control"))?.focus();
  form.dispatchEvent(new Event("change", { bubbles: true }));
});
