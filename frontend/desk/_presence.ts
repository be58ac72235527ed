// Who else is looking at an event or editing it: told by open pages to each other, kept nowhere. A hint, no lock.

type How = "looking" | "editing" | "";
interface Said { k: string; n: string; how: How; who?: Record<string, [string, string]> }

const AGAIN = 10_000;
const STILL = 300;
const WRITING = "#event textarea, #event input:not([type=hidden]):not([type=radio]):not([type=checkbox]), #event select";
const others = new Map<string, Said>();
let address = "";
let key = "";
let last = "";
let waiting = 0;

const box = (): HTMLElement | null => document.getElementById("live");

/** What this page shows now: an event that is on the screen, and whether somebody writes there. */
function now(): { n: string; how: How } {
  const n = document.querySelector<HTMLElement>("#event [data-number]")?.dataset["number"] ?? "";
  if (!n || document.hidden) return { n: "", how: "" };
  const typed = [...document.querySelectorAll<HTMLTextAreaElement>("#event textarea")].some((one) => one.value.trim());
  return { n, how: typed || document.activeElement?.matches(WRITING) ? "editing" : "looking" };
}

/** Say it when it changed, and now and then that it is still so. */
function say(still: boolean): void {
  if (!key) return;
  const { n, how } = now();
  const said = `${n} ${how}`;
  if (said === last && !(still && n)) return;
  last = said;
  const body = JSON.stringify({ key, n, how });
  // Text, so that the browser asks no leave first; who is told decides the live process.
  void fetch(address, { method: "POST", body, headers: { "Content-Type": "text/plain" } }).catch(() => undefined);
}

function soon(): void {
  clearTimeout(waiting);
  waiting = window.setTimeout(() => say(false), STILL);
}

function words(said: Said): string {
  const [name, unit] = said.who?.[document.documentElement.lang.startsWith("en") ? "en" : "zh"] ?? ["", ""];
  return `${box()?.dataset[said.how] ?? ""}: ${name} · ${unit}`;
}

/** Put the hints where they belong: beside the rows, and over the open event. */
export function showHints(): void {
  const open = document.querySelector<HTMLElement>("#event [data-number]");
  const there = [...others.values()];
  for (const row of document.querySelectorAll<HTMLElement>(".evline")) {
    const mine = there.filter((said) => row.id === `row-${said.n}`);
    const old = row.querySelector<HTMLElement>(".eyes");
    const text = mine.map(words).join(", ");
    if (old?.textContent === text) continue;
    old?.remove();
    if (!text) continue;
    const eyes = Object.assign(document.createElement("span"), { className: "eyes", textContent: text, title: text });
    eyes.dataset["user"] = "";
    row.querySelector(".ev")?.append(eyes);
  }
  const over = document.getElementById("here");
  const text = there.filter((said) => said.n === open?.dataset["number"]).map(words).join("; ");
  if (over && over.textContent !== text) over.textContent = text;
}

/** Hear of the others on this stream, and tell them. */
export function meet(source: EventSource, url: string): void {
  source.addEventListener("you", (event) => {
    address = url;
    key = (JSON.parse((event as MessageEvent<string>).data) as { key: string }).key;
    last = "";
    others.clear();
    say(false);
    showHints();
  });
  source.addEventListener("here", (event) => {
    const said = JSON.parse((event as MessageEvent<string>).data) as Said;
    if (said.how) others.set(said.k, said);
    else others.delete(said.k);
    showHints();
  });
}

/** The stream broke: nothing is known of others any more. */
export function part(): void {
  key = "";
  others.clear();
  showHints();
}

for (const what of ["focusin", "focusout", "input", "htmx:after:swap"]) document.addEventListener(what, soon);
document.addEventListener("visibilitychange", () => say(false));
addEventListener("pagehide", () => {
  if (key && last.trim()) navigator.sendBeacon(address, JSON.stringify({ key, n: "", how: "" }));
});
window.setInterval(() => say(true), AGAIN);
