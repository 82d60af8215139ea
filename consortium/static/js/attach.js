/* Adding a file: too large is said before it is sent, and while it is being sent that it is. Words stand on the form. */

function chosen(form) {
  return Array.from(form.querySelectorAll("input[type=file]")).flatMap((input) => Array.from(input.files));
}

function judge(form) {
  const error = form.querySelector("[data-attach-error]");
  const large = chosen(form).some((file) => file.size > Number(form.dataset.most));
  error.textContent = large ? form.dataset.tooLarge : "";
  error.hidden = !large;
  return !large;
}

document.addEventListener("change", (event) => {
  const form = event.target.closest(".attach-form");
  if (!form || event.target.type !== "file") return;
  for (const other of form.querySelectorAll("input[type=file]")) if (other !== event.target && event.target.files.length) other.value = "";
  judge(form);
});

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target.closest(".attach-form");
    if (!form) return;
    if (judge(form)) form.querySelector("[data-attach-words]").textContent = form.dataset.sending;
    else {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  true,
);
