/* Behaviour every page shares: CSRF for htmx, toasts, the question before a grave act, no double submit.
   Words come translated from the page (#toasts, data-confirm). */

const words = document.getElementById("toasts").dataset;

/* --- toasts ------------------------------------------------------------------------------------------------- */

function toast(text, level = "info") {
  const note = document.createElement("div");
  note.className = `toast-note toast-${level}`;
  const line = document.createElement("p");
  line.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", words.close);
  close.addEventListener("click", () => note.remove());
  note.append(line, close);
  document.getElementById("toasts").append(note);
  if (level !== "error") setTimeout(() => note.remove(), 6000);
}

/* The server sends one with the header HX-Trigger: {"toast": {"text": "…", "level": "success"}}. */
document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.level));

/* --- htmx --------------------------------------------------------------------------------------------------- */

const isBackground = (event) => Boolean(event.detail.requestConfig?.headers?.["X-Background"]);

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.querySelector("meta[name=csrf-token]").content;
  const written = event.detail.elt.closest("form[data-draft]"); // where signing in again has to lead back to
  if (written) event.detail.headers["X-Return-To"] = new URL(written.action).pathname;
});

/* An entire page instead of a fragment means the login has ended: never put it inside another page. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, boosted } = event.detail;
  if (!boosted && /^\s*<!doctype/i.test(xhr.responseText)) {
    event.detail.shouldSwap = false;
    if (!isBackground(event)) toast(xhr.status >= 400 ? words.broken : words.loggedOut, "error");
  } else if (isBackground(event) && xhr.status >= 400) {
    event.detail.shouldSwap = false;
  }
});

document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500 && !isBackground(event)) toast(words.broken, "error");
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (!isBackground(event)) toast(words.offline, "error");
  });
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "refusals") event.detail.target.firstElementChild?.focus();
});

/* --- the question before a grave act -------------------------------------------------------------------------- */

const dialog = document.getElementById("ask");

function ask(question) {
  document.getElementById("ask-words").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.question).then((yes) => yes && event.detail.issueRequest(true));
});

/* --- forms: confirm, then submit once -------------------------------------------------------------------------- */

const confirmed = new WeakSet();

function questionOf(event) {
  return event.submitter?.dataset.confirm || event.target.dataset.confirm;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || form.matches("[hx-get], [hx-post], [hx-put], [hx-delete]")) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  const question = questionOf(event);
  if (question && !confirmed.has(form)) {
    event.preventDefault();
    ask(question).then((yes) => {
      if (!yes) return;
      confirmed.add(form);
      form.requestSubmit(event.submitter);
    });
    return;
  }
  confirmed.delete(form);
  if (form.method === "post" && !form.matches("[data-download]")) busy(form, event.submitter); // a download leaves the page standing
});

/* The button itself stays enabled: a disabled one would not send its name and value. */
function busy(form, button) {
  form.setAttribute("aria-busy", "true");
  button?.setAttribute("aria-busy", "true");
}

function idle() {
  for (const element of document.querySelectorAll("form[aria-busy], button[aria-busy]")) element.removeAttribute("aria-busy");
}

/* Forms sent by htmx: the second click while the first is under way does nothing. */
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.target.matches("form")) return;
  if (event.target.getAttribute("aria-busy") === "true") event.preventDefault();
  else busy(event.target, event.detail.requestConfig.triggeringEvent?.submitter);
});
document.addEventListener("htmx:afterRequest", idle);

/* Coming back with the browser's own button finds the page as it was left. */
window.addEventListener("pageshow", idle);

/* --- small things ----------------------------------------------------------------------------------------------- */

document.querySelector("[data-focus]")?.focus();

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

/* Leaving means the next person at this computer finds nothing of mine. */
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-draft-clear]")) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) localStorage.removeItem(key);
});
