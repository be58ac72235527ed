// The wall: one picture after the other, for days. It holds one timer for each of its three works, one stream, and the
// pictures of now; whatever comes anew takes the place of what was there.
export {};

interface Panel { name: string; seconds: number; html: string }
interface Told { area: string; zone: string; strip: string; panels: Panel[]; now: number; script: string }
interface Ticket { ticket: string; url: string; last: string }

const REFRESH = 30_000;
const SOONEST = 6_000;
const PATIENCE = 20_000;
const STALE = 150_000;
const LONGEST_PAUSE = 60_000;

const by = (id: string): HTMLElement => document.getElementById(id)!;
const wall = by("main");
const code = decodeURIComponent(location.hash.slice(1));
// What time it is by the house, not by this machine.
let ahead = 0;
let zone = "Asia/Shanghai";
let answered = 0;
let order: Panel[] = [];
let shown = "";
let turning = 0;
let asking = 0;
let asked = -SOONEST;
let busy = false;
let last = "";
let pause = 1_000;
// Not before this moment: the house said how long it has enough of questions from here.
let quiet = 0;
let over = false;
let stream: EventSource | null = null;

const now = (): number => Date.now() + ahead;

/** Ask with the code; null when the house did not answer. */
async function ask<T>(address: string): Promise<T | "closed" | null> {
  const stop = new AbortController();
  const timer = window.setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(address, { headers: { "Wall-Code": code }, cache: "no-store", signal: stop.signal });
    if (answer.status === 404) return "closed";
    if (answer.status === 429) quiet = performance.now() + 1_000 * (Number(answer.headers.get("Retry-After")) || 60);
    return answer.ok ? ((await answer.json()) as T) : null;
  } catch {
    return null;
  } finally {
    window.clearTimeout(timer);
  }
}

/** Say what stands instead of the pictures; nothing: they stand. */
function say(what: "needs" | "closed" | "waiting" | ""): void {
  by("said").hidden = what === "";
  for (const one of ["needs", "closed", "waiting"]) by(one).hidden = one !== what;
  document.body.classList.toggle("plain", what === "needs" || what === "closed");
}

/** The link is over: nothing of what it showed stays. */
function end(): void {
  over = true;
  window.clearTimeout(asking);
  window.clearTimeout(turning);
  stream?.close();
  order = [];
  for (const id of ["stage", "strip", "dots"]) by(id).replaceChildren();
  say("closed");
}

async function refresh(): Promise<void> {
  window.clearTimeout(asking);
  if (over || busy) return;
  busy = true;
  asked = performance.now();
  const told = await ask<Told>(`${wall.dataset["wall"]}?language=${document.documentElement.lang}`);
  busy = false;
  if (told === "closed") return end();
  if (told !== null) take(told);
  else if (!answered) say("waiting");
  asking = window.setTimeout(() => void refresh(), Math.max(REFRESH, rest()));
}

/** How long the house wants to be left alone; screens of one hall do not come back all at once. */
const rest = (): number => (quiet > performance.now() ? quiet - performance.now() + Math.random() * 5_000 : 0);

/** Something happened: ask soon, and not more often than a screen needs. */
function soon(): void {
  window.clearTimeout(asking);
  const wait = Math.max(0, asked + SOONEST - performance.now(), rest());
  asking = window.setTimeout(() => void refresh(), wait);
}

function take(told: Told): void {
  // After the house was renewed its page is, too.
  const own = document.querySelector<HTMLScriptElement>("script[src*='wall']")?.getAttribute("src");
  if (own && told.script !== own) return location.reload();
  ahead = told.now - Date.now();
  zone = told.zone;
  answered = performance.now();
  order = told.panels;
  put(by("area"), told.area);
  put(by("strip"), told.strip);
  draw();
  show();
  say("");
  if (!order.some((one) => one.name === shown)) turn();
}

const drawn = new WeakMap<HTMLElement, string>();

/** Write it where it is not written already. */
function put(place: HTMLElement, html: string): void {
  if (drawn.get(place) === html) return;
  drawn.set(place, html);
  place.innerHTML = html;
}

/** The pictures of now, each in its place; those that have nothing to say go. */
function draw(): void {
  const stage = by("stage");
  const there = new Map([...stage.children].map((one) => [(one as HTMLElement).dataset["panel"] ?? "", one as HTMLElement]));
  for (const [name, panel] of there) if (!order.some((one) => one.name === name)) panel.remove();
  for (const one of order) {
    let panel = there.get(one.name);
    if (!panel) {
      panel = document.createElement("section");
      panel.className = "panel";
      panel.dataset["panel"] = one.name;
      stage.append(panel);
    }
    put(panel, one.html);
  }
  put(by("dots"), order.map((one) => `<li data-dot="${one.name}"></li>`).join(""));
  mark();
}

function mark(): void {
  for (const one of document.querySelectorAll<HTMLElement>(".panel, .dots li")) {
    const on = (one.dataset["panel"] ?? one.dataset["dot"]) === shown;
    one.classList.toggle("on", on);
    if (one.dataset["panel"]) one.ariaHidden = String(!on);
  }
}

/** The next picture, for as long as its rule says. */
function turn(): void {
  window.clearTimeout(turning);
  const at = order.findIndex((one) => one.name === shown);
  const next = order[(at + 1) % order.length];
  shown = next?.name ?? "";
  mark();
  turning = window.setTimeout(turn, (next?.seconds ?? 10) * 1_000);
}

function tick(): void {
  show();
  window.setTimeout(tick, 1_000 - (now() % 1_000));
}

/** The clock, the date, and how old the pictures are. */
function show(): void {
  const language = document.documentElement.lang.startsWith("en") ? "en-GB" : "zh-CN";
  const said = (moment: number, how: Intl.DateTimeFormatOptions): string => format(language, how).format(moment);
  const HOUR: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  by("clock").textContent = said(now(), HOUR);
  by("date").textContent = said(now(), { weekday: "long", day: "numeric", month: "long" });
  const stale = answered > 0 && performance.now() - answered > STALE;
  wall.classList.toggle("stale", stale);
  by("age").hidden = !stale;
  if (stale) by("since").textContent = said(now() - (performance.now() - answered), HOUR);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A format is costly to make and is made once. */
function format(language: string, how: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${zone} ${Object.keys(how).join()}`;
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(language, { ...how, timeZone: zone })));
  return found;
}

/** Hear that something happened. A ticket is good once: each new stream begins with a new one. */
async function listen(): Promise<void> {
  const got = await ask<Ticket>(wall.dataset["ticket"] ?? "");
  if (over) return;
  if (got === "closed") return end();
  if (got === null) return again();
  last ||= got.last;
  stream = new EventSource(`${got.url}?ticket=${encodeURIComponent(got.ticket)}&last=${last}`);
  stream.onopen = () => { pause = 1_000; };
  stream.addEventListener("step", (event) => {
    last = (event as MessageEvent<string>).lastEventId || last;
    soon();
  });
  stream.addEventListener("reload", () => {
    // Away for longer than the house remembers: begin with what is now.
    last = "";
    stream?.close();
    soon();
    again();
  });
  stream.onerror = () => {
    stream?.close();
    again();
  };
}

function again(): void {
  stream = null;
  window.setTimeout(() => void listen(), Math.max(pause * (0.5 + Math.random()), rest()));
  pause = Math.min(pause * 2, LONGEST_PAUSE);
}

tick();
if (code) {
  say("waiting");
  void refresh();
  void listen();
} else {
  say("needs");
}
window.addEventListener("hashchange", () => location.reload());
window.addEventListener("online", soon);
