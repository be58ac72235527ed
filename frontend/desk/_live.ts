// Live rows: the stream says which event changed, the row itself is asked for through the desk's own door.
import { meet, part as leave, showHints } from "./_presence";

interface Ticket { ticket: string; url: string; seconds: number; last: string }
interface Line { n: string; v: string; t: string }

const LONGEST_PAUSE = 30_000;
const COUNT_PAUSE = 400;
const FRESH = 30_000;
let last = "";
let pause = 1_000;
let counting = 0;

const box = (): HTMLElement | null => document.getElementById("live");
const rows = (): HTMLElement | null => document.querySelector<HTMLElement>("#rows[data-queue]");

function say(live: boolean): void {
  const shown = box();
  if (!shown) return;
  shown.classList.toggle("is-live", live);
  shown.classList.toggle("is-away", !live);
  const words = shown.querySelector("span");
  const told = (live ? shown.dataset["live"] : shown.dataset["away"]) ?? "";
  if (words && words.textContent !== told) words.textContent = told;
}

function cookie(name: string): string {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

async function ticket(address: string): Promise<Ticket> {
  const token = cookie("csrf") || cookie("__Host-csrf");
  const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as Ticket;
}

async function part(address: string): Promise<string | null> {
  const answer = await fetch(address, { headers: { "HX-Request": "true", "HX-Request-Type": "partial" } });
  return answer.status === 200 ? answer.text() : null;
}

/** Put the row where its due time belongs, or take it away. */
async function refresh(number: string, mark: () => void): Promise<void> {
  const list = rows();
  if (!list) return;
  const kept = document.getElementById("list")?.dataset["kept"] ?? "";
  const html = await part(`/desk/${list.dataset["queue"]}/rows/${encodeURIComponent(number)}/?${kept}`);
  const old = document.getElementById(`row-${number}`);
  if (html === null) {
    // The row under the reader's hand stays until they leave it: nothing is pulled away.
    if (old && !old.contains(document.activeElement) && !old.querySelector("[aria-current]")) old.remove();
    else old?.classList.add("gone");
    return;
  }
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const fresh = holder.content.firstElementChild as HTMLElement | null;
  if (!fresh) return;
  if (old) {
    const focused = old.querySelector(".ev") === document.activeElement;
    const [was, box] = [old, fresh].map((row) => row.querySelector<HTMLInputElement>(".pick input"));
    if (was && box) box.checked = was.checked;
    fresh.classList.remove("fresh");
    old.replaceWith(fresh);
    if (focused) fresh.querySelector<HTMLElement>(".ev")?.focus();
  } else place(list, fresh);
  window.htmx?.process(fresh);
  showHints();
  mark();
}

/** Due first, like the list itself; beyond what is shown it comes with "more". */
function place(list: HTMLElement, fresh: HTMLElement): void {
  const due = fresh.querySelector("time")?.getAttribute("datetime") ?? "";
  const later = [...list.querySelectorAll<HTMLElement>(".evline")].find(
    (row) => Date.parse(row.querySelector("time")?.getAttribute("datetime") ?? "") > Date.parse(due),
  );
  const more = document.getElementById("more");
  if (later) later.before(fresh);
  else if (!more) list.append(fresh);
}

/** The counters and the unread messages, at most once in a while however many lines come. */
function recount(): void {
  if (counting) return;
  counting = window.setTimeout(async () => {
    counting = 0;
    const queues = document.getElementById("queues");
    const html = await part(`/desk/counters/?queue=${document.getElementById("desk")?.dataset["queue"] ?? ""}`);
    if (!queues || html === null) return;
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const unread = holder.content.querySelector("[data-unread]");
    const place = document.getElementById("unread");
    if (unread && place) place.replaceChildren(...unread.childNodes);
    unread?.remove();
    queues.replaceChildren(holder.content);
  }, COUNT_PAUSE);
}

async function open(mark: () => void): Promise<void> {
  const address = box()?.dataset["ticket"];
  if (!address) return;
  let got: Ticket;
  try {
    got = await ticket(address);
  } catch {
    return again(mark);
  }
  // From here on nothing is missed, also when the stream breaks before its first line.
  last ||= got.last;
  const source = new EventSource(`${got.url}?ticket=${encodeURIComponent(got.ticket)}${last ? `&last=${last}` : ""}`);
  meet(source, got.url);
  source.onopen = () => {
    pause = 1_000;
    say(true);
    recount();
  };
  source.addEventListener("step", (event) => {
    last = (event as MessageEvent<string>).lastEventId || last;
    const line = JSON.parse((event as MessageEvent<string>).data) as Line;
    void refresh(line.n, mark);
    recount();
  });
  source.addEventListener("reload", () => {
    // A page that has just been loaded is as new as it can be: loading it again would never end.
    if (performance.now() > FRESH) location.reload();
  });
  source.onerror = () => {
    // A ticket is good once: the browser's own reconnection would be refused.
    source.close();
    leave();
    again(mark);
  };
}

function again(mark: () => void): void {
  say(false);
  window.setTimeout(() => void open(mark), pause * (0.5 + Math.random()));
  pause = Math.min(pause * 2, LONGEST_PAUSE);
}

declare global {
  interface Window { htmx?: { process(element: Element): void } }
}

/** Open the stream; `mark` is called whenever a row came in. */
export function startLive(mark: () => void): void {
  void open(mark);
}
