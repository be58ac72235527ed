// Live rows: the stream says which event changed, the row itself is asked for through the desk's own door.
import { openStream } from "../shared/_stream";
import { meet, part as leave, showHints } from "./_presence";

const COUNT_PAUSE = 400;
let counting = 0;

const box = (): HTMLElement | null => document.getElementById("live");
const rows = (): HTMLElement | null => document.querySelector<HTMLElement>("#rows[data-queue]");

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
    // What one owes is counted by another room, in its own time: its line stays.
    const owed = queues.querySelector(".window");
    if (owed) holder.content.querySelector(".window")?.replaceWith(owed);
    queues.replaceChildren(holder.content);
  }, COUNT_PAUSE);
}

declare global {
  interface Window { htmx?: { process(element: Element): void } }
}

/** Open the stream; `mark` is called whenever a row came in. */
export function startLive(mark: () => void): void {
  const shown = box();
  if (!shown) return;
  openStream(shown, {
    open: recount,
    step: (number) => {
      void refresh(number, mark);
      recount();
    },
    meet, leave,
  });
}
