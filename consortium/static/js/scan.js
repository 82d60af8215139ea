/* The desk's scanner types like a keyboard. With an input method on, its Enter only ends the composition: the form is sent
   then, where a whole code stands in the box. The text is marked, so that the next code takes its place. */

const form = document.getElementById("scan");
const box = document.getElementById("scan-code");
const whole = /^\s*(R?\d{11}|[a-z]+:\/\/\S+\/p\/[A-Za-z0-9]+)\s*$/i;

box.select();
box.addEventListener("compositionend", () => {
  if (whole.test(box.value.normalize("NFKC"))) setTimeout(() => form.requestSubmit());
});
window.addEventListener("pageshow", () => box.focus());
