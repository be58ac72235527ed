// The desk without a mouse; live rows are in _live.ts.
import { watchQuestions } from "../shared/_depends";
import { locate } from "../shared/_locate";
import { places } from "../shared/_places";
import { shrinkAll } from "../shared/_photos";
import { startLive } from "./_live";
import { count, pick, pickAll } from "./_pick";
import { searchable } from "./_search";
import { showHints } from "./_presence";
import { fill } from "./_reply";
import { showPlace, shutPlace } from "./_place";

const one = <T extends HTMLElement>(what: string, within: ParentNode = document): T | null => within.querySelector<T>(what);
const all = <T extends HTMLElement>(what: string): T[] => [...document.querySelectorAll<T>(what)];

const VERBS: Record<string, string> = { a: "accept", q: "ask", r: "refuse", d: "dispatch", c: "claim", e: "resolve" };
const TYPING = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

/** The event that is open, by its number. */
const openNumber = (): string => one("#event [data-number]")?.dataset["number"] ?? "";

/** Mark the row of the open event. */
function mark(): void {
  const number = openNumber();
  for (const row of all("#rows .ev")) {
    if (row.dataset["number"] === number) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

/** Go to the next or previous row; focus only, Enter opens it. */
function step(by: number): void {
  const rows = all<HTMLAnchorElement>(".rows .ev");
  const at = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const from = at >= 0 ? at : rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = rows[from < 0 ? (by > 0 ? 0 : rows.length - 1) : from + by];
  if (next) next.focus();
  else if (by > 0) one("#more")?.click();
}

/** Open the form of a verb, or take the step at once when nothing is to be filled in. */
function begin(verb: string): HTMLElement | null {
  const button = one(`.verbs-box [data-verb="${verb}"]`);
  if (!button) return null;
  const box = button.closest("details");
  if (!box) {
    button.click();
    return null;
  }
  box.open = true;
  one<HTMLElement>("input:not([type=hidden]), select, textarea", box)?.focus();
  box.scrollIntoView({ block: "nearest" });
  return box;
}

/** Take over a proposed category: the form of accepting, with this choice; Enter then sends it. */
function propose(key: string): void {
  const choice = one<HTMLInputElement>(`[data-proposal="${key}"]`);
  if (!choice || !begin("accept")) return;
  choice.checked = true;
  const other = one<HTMLSelectElement>("[name=other_category]", choice.form ?? document);
  if (other) other.value = "";
  choice.focus();
}

function close(): void {
  const opened = all<HTMLDetailsElement>("details.verbform[open], .say details[open], .filter[open]");
  if (opened.length) {
    for (const box of opened) box.open = false;
    one("#main")?.focus();
    return;
  }
  const row = one("#rows .ev[aria-current]");
  if (row?.offsetParent) row.focus();
  else one<HTMLAnchorElement>(".backline a")?.click();
}

function help(): void {
  one<HTMLDialogElement>("#help")?.showModal();
}

const KEYS: Record<string, () => void> = {
  j: () => step(1),
  k: () => step(-1),
  z: () => one<HTMLButtonElement>("#undo button")?.click(),
  "/": () => one<HTMLInputElement>("#find")?.focus(),
  "?": help,
  x: pick,
  n: () => one<HTMLAnchorElement>(".top a[data-new]")?.click(),
  "1": () => propose("1"),
  "2": () => propose("2"),
};

function pressed(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || one("dialog[open]")) return;
  if (event.key === "Escape") {
    if (target.matches(TYPING)) target.blur();
    close();
    return;
  }
  if (target.matches(TYPING)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const verb = VERBS[key];
  const done = KEYS[key] ?? (verb && openNumber() ? () => void begin(verb) : null);
  if (!done) return;
  event.preventDefault();
  done();
}

function clicked(event: MouseEvent): void {
  const target = (event.target as HTMLElement).closest<HTMLElement>("[data-take], [data-close], [data-help], [data-print], [data-fill], [data-pick-all], [data-shut]");
  if (!target) return;
  if ("shut" in target.dataset) return shutPlace(event);
  if (target.dataset["fill"]) return fill(target);
  if ("pickAll" in target.dataset) return pickAll();
  if (target.dataset["take"]) propose(target.dataset["take"]);
  else if ("close" in target.dataset) close();
  else if ("help" in target.dataset) help();
  else print();
}

let counting = 0;

/** The ten seconds of undo, counted down; then the bar goes. */
function countDown(): void {
  clearInterval(counting);
  const bar = one("#undo");
  if (!bar) return;
  const end = Date.now() + Number(bar.dataset["seconds"]) * 1000;
  counting = window.setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    const shown = one(".seconds", bar);
    if (shown) shown.textContent = String(Math.max(left, 0));
    if (left > 0 && bar.isConnected) return;
    clearInterval(counting);
    bar.remove();
  }, 250);
}

/** After a part of the page was put in: mark its row, bring it into view, count down. */
function settled(event: Event): void {
  const target = event.target as HTMLElement | null;
  // Hints come while somebody types: nothing else on the page moves.
  if (target?.id.startsWith("hints-")) return;
  searchable();
  showHints();
  mark();
  countDown();
  places();
  if (target?.id === "place-form") return showPlace(true);
  if (one("#place-edit")) showPlace(false);
  if (target?.id === "event" || one("#event") === target) {
    // Which of the three scrolls depends on the width of the screen.
    for (const pane of [window, one("#event"), one("#main")]) pane?.scrollTo(0, 0);
    (one(".err", target ?? document) ?? one("#main"))?.focus({ preventScroll: true });
  }
}

const sent = new WeakMap<EventTarget, number>();
const ONE_SENDING = 5_000;

/** What opens beside this page is sent by the browser itself: nothing on the page is exchanged for it. */
function beside(event: SubmitEvent): void {
  if ((event.submitter as HTMLButtonElement | null)?.formTarget === "_blank") event.stopImmediatePropagation();
}

/** A second click would cancel the first answer, and with it the receipt that is shown only once. */
function submitted(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (form.hasAttribute("hx-post") || form.method !== "post") return;
  if (Date.now() - (sent.get(form) ?? 0) < ONE_SENDING) event.preventDefault();
  else sent.set(form, Date.now());
}

document.addEventListener("keydown", pressed);
document.addEventListener("click", clicked);
document.addEventListener("change", count);
document.addEventListener("submit", beside, true);
document.addEventListener("submit", submitted);
document.addEventListener("htmx:after:swap", settled);
for (const photos of all<HTMLInputElement>("form[data-photos] input[type=file]")) {
  photos.addEventListener("change", () => void shrinkAll(photos));
}
mark();
count();
searchable();
countDown();
locate();
places();
showPlace(false);
watchQuestions();
startLive(mark);

// A proposed place is taken on a click only.
document.addEventListener("click", (event) => {
  const button = (event.target as HTMLElement).closest<HTMLElement>("[data-spot]");
  if (!button) return;
  const [lon = "", lat = ""] = (button.dataset["spot"] ?? "").split(",");
  const form = one<HTMLFormElement>("#entry");
  const east = form && one<HTMLInputElement>("[data-longitude]", form);
  const north = form && one<HTMLInputElement>("[data-latitude]", form);
  if (!east || !north) return;
  east.value = lon;
  north.value = lat;
  for (const other of all("[data-spot]")) other.setAttribute("aria-pressed", String(other === button));
});
