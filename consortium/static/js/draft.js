/* Keeps what is typed into a form: at once on this computer, enciphered, a little later on the server.

   <form data-draft="referral-new" data-draft-url="/referrals/autosave/" data-draft-version="3" data-draft-answer="<key>">
     partials/draft_prompt.html … fields … partials/draft_status.html
   data-draft-version: of the saved text the page shows; a copy of an older one is not offered. data-draft-answer: the
   page answers that submit, so it shows the newest there is. A field with data-draft-skip is never kept, nor are passwords
   and files. Answer of data-draft-url (JSON, every key optional): {"version": 3, "url": "<next autosave>", "action": "<form
   action>", "page": "<address of this page from now on>", "draft": "<name from now on>", "kept": false where the server
   did not take all of it}. It is not asked before the form has something in it, and a submit waits for it. Before what was
   kept is put back, the form hears "draft:restore" with its entries.

   A copy lies under draft:<account>:<name>:<id of its page> and is enciphered with the key the page was given; nothing
   is kept where the browser has no WebCrypto (no https). It goes when the server has named the submit it came with
   (cookie consortium_saved), when it is older than a day, and when somebody else signs in. Whose page is still open
   holds a lock of the copy's name: another window is not offered it. */

const LOCAL_AFTER = 300; // milliseconds without a keystroke
const SERVER_AFTER = 4000;
const SERVER_TIMEOUT = 10000;
const KEEP_FOR = 24 * 3600 * 1000;
const TAKEN = "consortium_saved";
const { account = "", draftKey = "" } = document.body.dataset;
const prefix = `draft:${account}:`;
const able = Boolean(account && draftKey && window.crypto?.subtle && navigator.locks);

/* --- the drawer: copies, enciphered ------------------------------------------------------------------------------ */

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const letters = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));
const cipher = able ? crypto.subtle.importKey("raw", bytes(draftKey), "AES-GCM", false, ["encrypt", "decrypt"]) : null;

function read(place) {
  try {
    return JSON.parse(localStorage.getItem(place));
  } catch {
    return null;
  }
}

async function lockUp(place, content, marks) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(content));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) }, await cipher, plain);
  return JSON.stringify({ ...marks, iv: letters(iv), sealed: letters(sealed) });
}

async function unlock(place) {
  const saved = read(place);
  try {
    const how = { name: "AES-GCM", iv: bytes(saved.iv), additionalData: new TextEncoder().encode(place) };
    const plain = await crypto.subtle.decrypt(how, await cipher, bytes(saved.sealed));
    return { ...saved, ...JSON.parse(new TextDecoder().decode(plain)), place };
  } catch {
    localStorage.removeItem(place);
    return null;
  }
}

const places = () => Object.keys(localStorage).filter((place) => place.startsWith("draft:"));

function taken() {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${TAKEN}=`));
  document.cookie = `${TAKEN}=; path=/; max-age=0; samesite=lax`;
  return (found?.slice(TAKEN.length + 1) ?? "").split(".").filter(Boolean);
}

/* A page without an account (login, errors) proves nothing, so there everything stays but what is too old. */
function tidy() {
  const saved = account ? taken() : [];
  for (const place of places()) {
    const copy = read(place);
    const old = !copy?.sealed || Date.now() - copy.at > KEEP_FOR;
    if (old || (account && (!place.startsWith(prefix) || saved.includes(copy.sent)))) localStorage.removeItem(place);
  }
}

/* --- the form ---------------------------------------------------------------------------------------------------- */

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

const namesIn = (form) => Array.from(new Set(kept(form).map((field) => field.name)));
const of = (entries, wanted) => JSON.stringify(entries.filter(([name]) => name === wanted));

/* Only fields in `names` are touched: what was not on the page that was kept stays as it is. */
function fill(form, entries, names) {
  for (const field of kept(form).filter(({ name }) => names.includes(name))) {
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
    this.begun = values(form);
    this.given = form.dataset.draftAnswer ? "" : JSON.stringify(this.begun);
    this.status = form.querySelector("[data-draft-status]");
    this.prompt = form.querySelector("[data-draft-prompt]");
    this.saving = null;
    this.locks = [];
    this.takePlace(form.dataset.draft);
    form.addEventListener("submit", (event) => this.hold(event), true);
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    this.prompt?.querySelector("[data-draft-restore]").addEventListener("click", () => this.restore());
    this.prompt?.querySelector("[data-draft-discard]").addEventListener("click", () => this.discard());
    this.begin();
  }

  /* The lock is held as long as this page, or until the form is gone from it. */
  takePlace(name) {
    this.release?.();
    this.name = name;
    this.place = `${prefix}${name}:${able ? crypto.randomUUID() : ""}`;
    if (able) navigator.locks.request(this.place, () => new Promise((resolve) => (this.release = resolve)));
  }

  async begin() {
    const { draftAnswer } = this.form.dataset;
    if (!draftAnswer) return this.offer();
    await this.saveHere();
    for (const place of places()) if (place !== this.place && read(place)?.sent === draftAnswer) localStorage.removeItem(place);
  }

  say(kind, time = Date.now()) {
    const words = this.status?.dataset[able ? kind : `${kind}Unkept`] ?? this.status?.dataset[kind];
    if (words) this.status.textContent = words + clock(time);
  }

  /* Signing in again leads back to this page. */
  sayExpired() {
    if (!this.status) return;
    const { expired, expiredUnkept, signIn, login } = this.status.dataset;
    const link = document.createElement("a");
    link.href = `${login}?expired=1&next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = signIn;
    this.status.replaceChildren(able ? expired : expiredUnkept, link);
  }

  /* What pages that are gone have left of this form, newest first. */
  async leftBehind() {
    if (!able) return [];
    await new Promise((resolve) => setTimeout(resolve)); // until what has just been let go is known to be free
    const { held } = await navigator.locks.query();
    const open = new Set(held.map((lock) => lock.name));
    const mine = places().filter((place) => place.startsWith(`${prefix}${this.name}:`) && !open.has(place));
    const copies = (await Promise.all(mine.map(unlock))).filter(Boolean);
    const shown = Number(this.form.dataset.draftVersion ?? 0);
    return copies.filter((copy) => (copy.version ?? 0) >= shown).sort((one, other) => other.at - one.at);
  }

  async offer() {
    if (!this.prompt) return;
    const begun = JSON.stringify(this.begun);
    this.offered = (await this.leftBehind()).find((copy) => JSON.stringify(copy.entries) !== begun);
    this.prompt.hidden = !this.offered;
    if (!this.offered) return;
    const when = new Date(this.offered.at).toLocaleString(document.documentElement.lang, { hourCycle: "h23" });
    this.prompt.querySelector("[data-draft-when]").textContent = when;
  }

  /* What has been typed here meanwhile is newer and stays. */
  async restore() {
    const { entries, names, place } = this.offered;
    this.prompt.hidden = true;
    const now = values(this.form);
    const untouched = (name) => of(now, name) === of(this.begun, name);
    const back = entries.filter(([name]) => untouched(name));
    this.form.dispatchEvent(new CustomEvent("draft:restore", { bubbles: true, detail: back }));
    fill(this.form, back, names.filter(untouched));
    await this.saveHere();
    if (read(this.place)) localStorage.removeItem(place);
  }

  discard() {
    localStorage.removeItem(this.offered.place);
    this.offer();
  }

  changed() {
    clearTimeout(this.localTimer);
    this.localTimer = setTimeout(() => this.saveHere(), LOCAL_AFTER);
    if (!this.form.dataset.draftUrl) return;
    clearTimeout(this.serverTimer);
    this.serverTimer = setTimeout(() => this.saveThere(), SERVER_AFTER);
  }

  /* `sent`: the submit this text goes out with, by which the server will name it. */
  async saveHere(sent = "") {
    clearTimeout(this.localTimer);
    const entries = values(this.form);
    const { place, name } = this;
    if (!able || JSON.stringify(entries) === this.given) return;
    const marks = { at: Date.now(), sent, version: this.version };
    const sealed = await lockUp(place, { entries, names: namesIn(this.form) }, marks);
    if (name !== this.name || (read(place)?.at ?? 0) > marks.at) return;
    try {
      localStorage.setItem(place, sealed);
    } catch {
      return; // no room left: the server still keeps it
    }
    if (!sent) this.say("local");
  }

  /* What an autosave without answer may have made. */
  get version() {
    const shown = this.form.dataset.draftVersion;
    return shown === undefined ? undefined : Number(shown) + (this.unanswered ? 1 : 0);
  }

  /* A submit during an autosave would meet a version the page does not know yet; and nothing leaves without its copy. */
  hold(event) {
    if (this.ready) {
      this.ready = false;
      return;
    }
    if (!this.saving && (!able || JSON.stringify(values(this.form)) === this.given)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.form.setAttribute("aria-busy", "true");
    this.held ??= this.sendOff(event.submitter);
  }

  async sendOff(button) {
    await this.saving;
    clearTimeout(this.serverTimer);
    await this.saveHere(this.form.elements.namedItem("idempotency_key")?.value).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve)); // a form that is still being submitted cannot be submitted
    this.held = null;
    this.form.removeAttribute("aria-busy");
    if (!this.form.isConnected) return;
    this.ready = true;
    this.form.requestSubmit(button);
    this.ready = false;
  }

  saveThere() {
    if (this.saving || this.held || this.form.getAttribute("aria-busy") === "true") return;
    this.saving = this.send().finally(() => {
      this.saving = null;
    });
  }

  async send() {
    const sent = JSON.stringify(values(this.form));
    try {
      const answer = await fetch(this.form.dataset.draftUrl, {
        method: "POST",
        body: this.written(),
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout(SERVER_TIMEOUT),
      });
      if (answer.type === "opaqueredirect") return this.sayExpired();
      if (answer.ok) this.accepted(await answer.json(), sent);
    } catch {
      this.unanswered = true;
      this.say("failed");
    }
    if (JSON.stringify(values(this.form)) !== sent) this.changed();
  }

  /* Without files: a photograph goes once, when the form is sent. */
  written() {
    const body = new FormData(this.form);
    for (const { name } of this.form.querySelectorAll("input[type=file]")) body.delete(name);
    return body;
  }

  accepted({ version, url, action, page, draft, kept = true }, sent) {
    const { form } = this;
    const field = form.elements.namedItem("version");
    if (version !== undefined && field) form.dataset.draftVersion = field.value = version;
    if (url) form.dataset.draftUrl = url;
    if (action) form.action = action;
    if (page) history.replaceState(history.state, "", page);
    this.unanswered = false;
    const before = this.place;
    if (draft && draft !== this.name) this.takePlace(draft);
    if (kept) this.given = sent;
    if (kept || before !== this.place) localStorage.removeItem(before);
    if (kept) this.say("server");
    else if (before !== this.place) this.saveHere();
  }
}

/* --- every page, and every part that comes into it ----------------------------------------------------------------- */

let drafts = [];

/* Of a form that has gone from the page, the copy may be offered again. */
function attend(root) {
  for (const gone of drafts.filter(({ form }) => !form.isConnected)) gone.release?.();
  drafts = drafts.filter(({ form }) => form.isConnected);
  const forms = Array.from(root.querySelectorAll("form[data-draft]")).filter((form) => !drafts.some((draft) => draft.form === form));
  drafts.push(...forms.map((form) => new Draft(form)));
}

tidy();
if (account) {
  attend(document);
  document.addEventListener("htmx:afterSwap", (event) => attend(event.detail.target));
}

/* The login page says so where something waits for its writer. */
const expired = document.querySelector("[data-draft-kept]");
if (expired && places().length) expired.textContent = expired.dataset.draftKept;
