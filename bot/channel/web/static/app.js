// Sends the forms without a page load and appends what the server renders.
// Nothing is kept: no storage, no copy of what was said outside the page.
const log = document.querySelector("#log");
const say = document.querySelector("#say");
const box = say.elements.text;
const send = say.querySelector("button");
const status = document.querySelector("#status");
const own = document.querySelector("#own");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

let busy = false;
let last = { body: "", id: "" }; // a second try of the same words keeps its id

const tell = (name) => { status.textContent = name ? status.dataset[name] : ""; };

const newID = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

// bubble shows what the visitor said; textContent, so that it stays text.
function bubble(words) {
  const b = own.content.firstElementChild.cloneNode(true);
  b.querySelector(".said").textContent = words;
  log.append(b);
  return b;
}

function wait() {
  const b = document.createElement("div");
  b.className = "msg bot waiting";
  b.setAttribute("aria-hidden", "true");
  const p = document.createElement("p");
  p.className = "words";
  p.append(status.dataset.busy + " ", ...[1, 2, 3].map(() => document.createElement("i")));
  b.append(p);
  log.append(b);
  return b;
}

// words are what a form says, as the visitor reads it on the buttons.
function words(form, button) {
  if (form === say) return box.value.trim();
  const ticked = [...form.querySelectorAll("input:checked")].map((i) => i.parentElement.textContent.trim());
  const pressed = button ?? form.querySelector("button");
  // Beside its words a button may say how many courses it leaves.
  if (button?.name || !ticked.length) return (pressed.querySelector("span") ?? pressed).textContent.trim();
  return ticked.join(", ");
}

async function post(form, button) {
  if (busy) return;
  const typed = form === say;
  const said = words(form, button);
  if (typed && !said) return;
  const data = new URLSearchParams(new FormData(form, button?.name ? button : null));
  data.delete("message_id");
  if (!data.has("language")) data.set("language", document.documentElement.lang);
  const body = data.toString();
  if (last.body !== body) last = { body, id: newID() };
  data.set("message_id", last.id);

  busy = true;
  tell("");
  send.setAttribute("aria-disabled", "true");
  log.setAttribute("aria-busy", "true");
  const mine = bubble(said);
  mine.scrollIntoView({ block: "nearest" });
  let dots;
  const late = setTimeout(() => { dots = wait(); dots.scrollIntoView({ block: "nearest" }); }, 350);
  try {
    const answer = await fetch("/", { method: "POST", body: data, headers: { Accept: "text/html-fragment" }, credentials: "same-origin" });
    const kind = answer.headers.get("Content-Type") ?? "";
    const html = await answer.text();
    if (!kind.startsWith("text/html")) throw answer.status === 429 || answer.status === 503 ? "slow" : "failed";
    clearTimeout(late);
    dots?.remove();
    if (answer.ok) {
      last = { body: "", id: "" };
      if (typed) box.value = "";
    }
    if (answer.headers.get("Content-Language") !== document.documentElement.lang) {
      location.assign(answer.headers.get("Content-Location") ?? "/"); // the whole page changes
      return;
    }
    show(html, mine, typed);
  } catch (why) {
    clearTimeout(late);
    dots?.remove();
    mine.remove();
    tell(!navigator.onLine ? "offline" : why === "slow" ? "slow" : "failed");
    if (typed) box.focus();
  } finally {
    busy = false;
    send.removeAttribute("aria-disabled");
    log.removeAttribute("aria-busy");
  }
}

// show appends a turn. The fragment comes from our own server, escaped there.
function show(html, mine, typed) {
  const part = document.createElement("template");
  part.innerHTML = html;
  const turn = part.content.firstElementChild;
  if (!turn) return;
  if ("forgotten" in turn.dataset) log.replaceChildren();
  if ("fresh" in turn.dataset) log.querySelectorAll(".turn").forEach((t) => t.classList.add("old-turn"));
  document.querySelectorAll("details.sure[open]").forEach((d) => { d.open = false; });
  turn.classList.add("arriving");
  log.append(turn);
  ready(turn);
  const kept = turn.dataset.saved.split(" ");
  log.querySelectorAll("[data-save]").forEach((b) => {
    const on = kept.includes(b.dataset.save);
    b.value = (on ? "unsave:" : "save:") + b.dataset.save;
    b.firstElementChild.textContent = on ? b.dataset.kept : b.dataset.loose;
    if (on) b.setAttribute("aria-pressed", "true");
    else b.removeAttribute("aria-pressed");
  });
  if (!typed) turn.focus({ preventScroll: true });
  (mine.isConnected ? mine : turn).scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
}

// ready shows the location button where the browser has one to offer.
function ready(part) {
  if (!navigator.geolocation || !window.isSecureContext) return;
  part.querySelectorAll(".locate").forEach((f) => { f.hidden = false; });
}

function locate(form, button) {
  navigator.geolocation.getCurrentPosition((at) => {
    form.elements.lat.value = at.coords.latitude;
    form.elements.lon.value = at.coords.longitude;
    post(form, button);
  }, () => { tell("locate"); box.focus(); }, { timeout: 10000, maximumAge: 600000 });
}

document.addEventListener("submit", (e) => {
  e.preventDefault();
  if (e.target.matches(".locate")) locate(e.target, e.submitter);
  else post(e.target, e.submitter);
});
document.addEventListener("keydown", (e) => {
  const open = e.key === "Escape" && document.querySelector("details.sure[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
addEventListener("offline", () => tell("offline"));
addEventListener("online", () => tell(""));
if (!navigator.onLine) tell("offline");
if (location.search) history.replaceState(null, "", "/"); // a reload repeats nothing
ready(document);
