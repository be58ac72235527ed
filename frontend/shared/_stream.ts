// The stream of committed steps: it says which event changed, the page asks for the row through its own door.

interface Ticket { ticket: string; url: string; seconds: number; last: string }
interface Line { n: string; v: string; t: string }
export interface Hearing {
  /** The stream is open, also again after a break. */
  open?: () => void;
  step: (number: string) => void;
  /** For who says itself on the stream, see desk/_presence.ts. */
  meet?: (source: EventSource, url: string) => void;
  leave?: () => void;
}

const LONGEST_PAUSE = 30_000;
const FRESH = 30_000;
let last = "";
let pause = 1_000;

/** "Live" or "reconnecting" in the words of this element; its data-ticket is where a ticket is asked for. */
function say(shown: HTMLElement, live: boolean): void {
  shown.classList.toggle("is-live", live);
  shown.classList.toggle("is-away", !live);
  const words = shown.querySelector("span");
  const told = (live ? shown.dataset["live"] : shown.dataset["away"]) ?? "";
  if (words && words.textContent !== told) words.textContent = told;
}

export function cookie(name: string): string {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** The token that every write from a script carries. */
export const csrf = (): string => cookie("csrf") || cookie("__Host-csrf");

async function ticket(address: string): Promise<Ticket> {
  const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": csrf() }, redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as Ticket;
}

export function openStream(shown: HTMLElement, hearing: Hearing): void {
  void open(shown, hearing);
}

async function open(shown: HTMLElement, hearing: Hearing): Promise<void> {
  const address = shown.dataset["ticket"];
  if (!address) return;
  let got: Ticket;
  try {
    got = await ticket(address);
  } catch {
    return again(shown, hearing);
  }
  // From here on nothing is missed, also when the stream breaks before its first line.
  last ||= got.last;
  const source = new EventSource(`${got.url}?ticket=${encodeURIComponent(got.ticket)}${last ? `&last=${last}` : ""}`);
  hearing.meet?.(source, got.url);
  source.onopen = () => {
    pause = 1_000;
    say(shown, true);
    hearing.open?.();
  };
  source.addEventListener("step", (event) => {
    last = (event as MessageEvent<string>).lastEventId || last;
    hearing.step((JSON.parse((event as MessageEvent<string>).data) as Line).n);
  });
  source.addEventListener("reload", () => {
    // A page that has just been loaded is as new as it can be: loading it again would never end.
    if (performance.now() > FRESH) location.reload();
  });
  source.onerror = () => {
    // A ticket is good once: the browser's own reconnection would be refused.
    source.close();
    hearing.leave?.();
    again(shown, hearing);
  };
}

function again(shown: HTMLElement, hearing: Hearing): void {
  say(shown, false);
  window.setTimeout(() => void open(shown, hearing), pause * (0.5 + Math.random()));
  pause = Math.min(pause * 2, LONGEST_PAUSE);
}
