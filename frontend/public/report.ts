// The report pages: a draft that survives, one's own place on a tap, smaller photos, sending when the network is back.
import { forget, keep, kept } from "./_draft";
import { watchQuestions } from "../shared/_depends";
import { locate } from "../shared/_locate";
import { places } from "../shared/_places";
import { shrinkAll } from "../shared/_photos";

const WAIT = 3000;
const $ = <T extends HTMLElement>(selector: string): T | null => document.querySelector<T>(selector);

async function drafts(): Promise<void> {
  const form = $<HTMLFormElement>("form[data-draft]");
  const words = form?.querySelector<HTMLTextAreaElement>("textarea[name=words]");
  if (!form || !words) return;
  const found = await kept();
  if (found?.words && !words.value) {
    words.value = found.words;
    $("[data-kept]")?.removeAttribute("hidden");
  }
  words.addEventListener("input", () => {
    void keep({ words: words.value });
    $("[data-kept]")?.removeAttribute("hidden");
  });
}

function sending(): void {
  const form = $<HTMLFormElement>("form[data-send]");
  const photos = form?.querySelector<HTMLInputElement>("input[type=file]");
  if (!form) return;
  photos?.addEventListener("change", () => void shrinkAll(photos));
  form.addEventListener("submit", (event) => {
    const by = (event as SubmitEvent).submitter as HTMLButtonElement | null;
    // Only the button that sends: going back and the switch of the letters lead to a page of their own.
    if (by?.value === "back" || by?.name === "size") return;
    event.preventDefault();
    void send(form);
  });
}

// The same form goes out again and again with the same key until an answer comes: it cannot be received twice.
async function send(form: HTMLFormElement): Promise<void> {
  const waiting = $("[data-waiting]");
  const button = form.querySelector<HTMLButtonElement>("button.primary");
  if (button) button.disabled = true;
  const body = new FormData(form);
  for (;;) {
    try {
      const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
      if (answer.status === 503) throw new Error("busy");
      const page = await answer.text();
      if (answer.status === 201) await forget();
      document.open();
      document.write(page);
      document.close();
      return;
    } catch {
      if (waiting) waiting.hidden = false;
      await new Promise((done) => setTimeout(done, WAIT));
    }
  }
}

void drafts();
locate();
places();
watchQuestions();
sending();
if ($("[data-sent]")) void forget();
