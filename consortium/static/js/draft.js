/* Keeps what is typed into a form: at once on this computer, a little later on the server.

   <form data-draft="referral-new" data-draft-url="/referrals/autosave/">
     partials/draft_prompt.html … fields … partials/draft_status.html
   A field with data-draft-skip is never kept, nor are passwords and files.
   Answer of data-draft-url (JSON, every key optional): {"version": 3, "url": "<next autosave>", "action": "<form action>",
   "page": "<address of this page from now on>", "kept": false where the server did not take all of it}. It is not asked
   before the form has something in it, and a submit waits for it. Before what was kept is put back, the form hears
   "draft:restore" with its entries. */

const LOCAL_AFTER = 500; // milliseconds without a keystroke
const SERVER_AFTER = 4000;
const SERVER_TIMEOUT = 10000;
const KEEP_FOR = 24 * 3600 * 1000;
const account = document.body.dataset.account;
const prefix = `draft:${account}:`;

function forget(isStale) {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("draft:") && isStale(key)) localStorage.removeItem(key);
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function kept(form) {
  return Array.from(form.elements).filter(
    (field) =>
      field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && !field.hasAttribute("data-draft-skip")
  );
}

function values(form) {
  const entries = [];
  for (const field of kept(form)) {
    if (["checkbox", "radio"].includes(field.type)) {
      if (field.checked) entries.push([field.name, field.value]);
    } else if (field.type === "select-multiple") {
      for (const option of field.selectedOptions) entries.push([field.name, option.value]);
    } else if (field.value) {
      entries.push([field.name, field.value]);
    }
  }
  return entries;
}

function fill(form, entries) {
  for (const field of kept(form)) {
    const wanted = entries.filter(([name]) => name === field.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(field.type)) field.checked = wanted.includes(field.value);
    else if (field.type === "select-multiple") for (const option of field.options) option.selected = wanted.includes(option.value);
    else field.value = wanted[0] ?? "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function clock(time) {
  return new Date(time).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

class Draft {
  constructor(form) {
    this.form = form;
    this.key = prefix + form.dataset.draft;
    this.given = JSON.stringify(values(form));
    this.status = form.querySelector("[data-draft-status]");
    this.saving = null;
    this.offer();
    form.addEventListener("submit", (event) => this.wait(event), true);
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    // on the document: app.js has asked its question by then
    document.addEventListener("submit", (event) => {
      if (event.target === form && !event.defaultPrevented) this.submitted();
    });
  }

  say(words, time = Date.now()) {
    if (this.status) this.status.textContent = words + clock(time);
  }

  offer() {
    const saved = read(this.key);
    const prompt = this.form.querySelector("[data-draft-prompt]");
    if (!saved || !prompt || JSON.stringify(saved.entries) === this.given) return;
    prompt.querySelector("[data-draft-when]").textContent = new Date(saved.at).toLocaleString(document.documentElement.lang, { hourCycle: "h23" });
    prompt.hidden = false;
    prompt.querySelector("[data-draft-restore]").addEventListener("click", () => {
      prompt.hidden = true;
      this.form.dispatchEvent(new CustomEvent("draft:restore", { bubbles: true, detail: saved.entries }));
      fill(this.form, saved.entries);
    });
    prompt.querySelector("[data-draft-discard]").addEventListener("click", () => {
      prompt.hidden = true;
      localStorage.removeItem(this.key);
    });
  }

  changed() {
    clearTimeout(this.localTimer);
    this.localTimer = setTimeout(() => this.saveHere(), LOCAL_AFTER);
    if (!this.form.dataset.draftUrl) return;
    clearTimeout(this.serverTimer);
    this.serverTimer = setTimeout(() => this.saveThere(), SERVER_AFTER);
  }

  saveHere() {
    const entries = values(this.form);
    if (JSON.stringify(entries) === this.given) return;
    localStorage.setItem(this.key, JSON.stringify({ entries, at: Date.now() }));
    this.say(this.status?.dataset.local);
  }

  /* A submit during an autosave would meet a version the page does not know yet. */
  wait(event) {
    if (!this.saving) return;
    event.preventDefault();
    event.stopPropagation();
    this.saving.then(() => this.form.requestSubmit(event.submitter));
  }

  saveThere() {
    if (this.saving || this.form.getAttribute("aria-busy") === "true") return;
    this.saving = this.send().finally(() => {
      this.saving = null;
    });
  }

  async send() {
    const sent = JSON.stringify(values(this.form));
    try {
      const answer = await fetch(this.form.dataset.draftUrl, {
        method: "POST",
        body: new FormData(this.form),
        headers: { "X-Background": "1", Accept: "application/json" },
        redirect: "error",
        signal: AbortSignal.timeout(SERVER_TIMEOUT),
      });
      if (answer.ok && this.form.getAttribute("aria-busy") !== "true") this.accepted(await answer.json(), sent);
    } catch {
      this.say(this.status?.dataset.failed);
    }
    if (JSON.stringify(values(this.form)) !== sent) this.changed();
  }

  accepted({ version, url, action, page, kept = true }, sent) {
    const field = this.form.elements.namedItem("version");
    if (version !== undefined && field) field.value = version;
    if (url) this.form.dataset.draftUrl = url;
    if (action) this.form.action = action;
    if (page) history.replaceState(history.state, "", page);
    if (!kept) return;
    this.given = sent;
    localStorage.removeItem(this.key);
    this.say(this.status?.dataset.server);
  }

  /* Whether the server took it is known only on the next page: there, a form of the same name asks again. */
  submitted() {
    clearTimeout(this.localTimer);
    clearTimeout(this.serverTimer);
    const saved = read(this.key);
    if (saved) localStorage.setItem(this.key, JSON.stringify({ ...saved, submitted: true }));
  }
}

/* A page of the frame says whose it is: what somebody else left behind goes, and what the server has taken. A page without
   an account (login, errors) or with a refusal proves nothing, so there everything stays. */
const forms = Array.from(document.querySelectorAll("form[data-draft]"));
const shown = forms.map((form) => prefix + form.dataset.draft);
const refused = document.querySelector("[data-keep-drafts]") !== null;
forget((key) => {
  const saved = read(key);
  if (!saved || Date.now() - saved.at > KEEP_FOR) return true;
  if (!account) return false;
  return !key.startsWith(prefix) || (saved.submitted && !refused && !shown.includes(key));
});
if (account) for (const form of forms) new Draft(form);
