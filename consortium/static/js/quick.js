/* One tap instead of typing: "now" beside a time, the sex and estimated age of somebody nobody knows.

   data-moment="id_onset_at" data-minutes="30": the field is set to so many minutes ago.
   data-unknown="1:45": unknown-sex and unknown-age of the form the button stands in. */

const two = (number) => String(number).padStart(2, "0");

function local(moment) {
  const day = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join("-");
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function setMoment({ moment, minutes }) {
  put(document.getElementById(moment), local(new Date(Date.now() - Number(minutes ?? 0) * 60000)));
}

function setUnknown(button) {
  const [sex, age] = button.dataset.unknown.split(":");
  const { form } = button;
  for (const choice of form.querySelectorAll('[name="unknown-sex"]')) choice.checked = choice.value === sex;
  put(form.elements.namedItem("unknown-age"), age);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-moment], [data-unknown]");
  if (!button) return;
  if (button.dataset.moment) setMoment(button.dataset);
  else setUnknown(button);
});
