/* The alarm of emergencies that nobody has taken yet (partials/alarm.html): asks every ten seconds, also in a window
   behind others, sounds until somebody has claimed, and says so where it can no longer ask.

   With the sound on, the browser keeps watch (值守) when the sign-in has ended: the login page asks on.
   Sound is made here, without a file. It is switched on once in each browser; browsers hold it back until the page has
   been touched once, and then the page says so. */

const place = document.getElementById("alarm");
const EVERY = 10000; // milliseconds
const BEEP_EVERY = 3000;
const LOST_AFTER = 3; // questions without an answer
const LONGEST_PAUSE = 6; // so many rounds are left out while nobody answers
const WANTED = "alarm-sound";

/* --- asking ------------------------------------------------------------------------------------------------------- */

let failures = 0;
let pause = 0;

function tick() {
  if (pause > 0) {
    pause -= 1;
    return;
  }
  window.htmx?.trigger(place, "alarm:tick");
}

/* What does not answer is asked more and more seldom; one answer, and everything is as before. */
function answered(well) {
  failures = well ? 0 : failures + 1;
  pause = well ? 0 : Math.min(failures, LONGEST_PAUSE);
  document.querySelector("[data-alarm-lost]").hidden = failures < LOST_AFTER;
}

function clock() {
  setInterval(() => document.hidden || tick(), EVERY);
  try {
    new Worker(place.dataset.alarmWorker).addEventListener("message", () => document.hidden && tick());
  } catch {
    setInterval(() => document.hidden && tick(), EVERY);
  }
}

/* --- sounding ----------------------------------------------------------------------------------------------------- */

let audio = null;
const wanted = () => localStorage.getItem(WANTED) === "on";
const ready = () => audio?.state === "running";
const sounding = () => Boolean(place.querySelector("[data-alarms]"));

function wake() {
  if (!wanted() || !window.AudioContext) return;
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume().then(show, () => {});
}

function tone(at, pitch) {
  const [source, volume] = [audio.createOscillator(), audio.createGain()];
  source.type = "square";
  source.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.32);
  source.connect(volume).connect(audio.destination);
  source.start(at);
  source.stop(at + 0.35);
}

function beep() {
  if (!sounding() || !wanted() || !ready()) return;
  const now = audio.currentTime;
  for (const [step, pitch] of [880, 660, 880, 660].entries()) tone(now + step * 0.36, pitch);
}

/* Ringing and keeping watch are one switch; the server forgets nobody who only looked at another page. */
function keepWatch() {
  const address = wanted() ? place.dataset.alarmWatch : place.dataset.alarmUnwatch;
  const token = document.querySelector("meta[name=csrf-token]").content;
  if (address) fetch(address, { method: "POST", headers: { "X-CSRFToken": token, "X-Background": "1" } }).catch(() => {});
}

/* --- showing ------------------------------------------------------------------------------------------------------ */

const title = document.title;
let said = "";

function show() {
  const bar = place.querySelector("[data-alarms]");
  const key = bar?.dataset.alarms ?? "";
  document.title = bar ? `(!) ${title}` : title;
  for (const button of document.querySelectorAll("[data-alarm-sound]")) {
    button.hidden = button.dataset.alarmSound === "off" ? !wanted() : wanted();
  }
  document.querySelector("[data-alarm-blocked]").hidden = !(bar && wanted() && !ready());
  if (key === said) return;
  const fresh = key.split(" ").filter((number) => number && !said.split(" ").includes(number));
  const voice = document.querySelector("[data-alarm-said]");
  if (fresh.length) voice.textContent = voice.dataset.words + fresh.join(" ");
  said = key;
  if (fresh.length) beep();
}

/* A button somebody stands on is not taken from under him while nothing has changed. */
function mayReplace(event) {
  if (event.detail.target !== place || !place.contains(document.activeElement)) return;
  const [, key = ""] = /data-alarms="([^"]*)"/.exec(event.detail.xhr.responseText) ?? [];
  if (key === said) event.detail.shouldSwap = false;
}

function toggle(event) {
  const button = event.target.closest?.("[data-alarm-sound]");
  if (!button) return;
  localStorage.setItem(WANTED, button.dataset.alarmSound === "off" ? "off" : "on");
  wake();
  keepWatch();
  if (wanted() && ready()) for (const [step, pitch] of [660, 880].entries()) tone(audio.currentTime + step * 0.36, pitch);
  show();
}

if (place) {
  place.addEventListener("htmx:afterRequest", (event) => answered(event.detail.successful));
  document.addEventListener("htmx:beforeSwap", mayReplace);
  document.addEventListener("htmx:afterSwap", (event) => event.detail.target === place && show());
  document.addEventListener("click", toggle);
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, wake);
  setInterval(beep, BEEP_EVERY);
  clock();
  wake();
  show();
  if (wanted()) keepWatch();
}
