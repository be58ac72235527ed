// A filter over a long list: the plain select stays what it is, and works without this.

const SHOWN = 8;
let count = 0;

/** Every word that was typed stands in the option or in the name of its group. */
function fits(option: HTMLOptionElement, words: string[]): boolean {
  const group = option.parentElement instanceof HTMLOptGroupElement ? option.parentElement.label : "";
  const text = `${option.text} ${group} ${option.value}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Only what fits stays in the list; what was chosen and the empty choice stay as well. */
function narrow(select: HTMLSelectElement, all: Node[], typed: string): number {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = select.value;
  select.replaceChildren(...all.map((node) => node.cloneNode(true)));
  let left = 0;
  for (const option of [...select.options]) {
    if (fits(option, words) && option.value) left++;
    else if (option.value && option.value !== chosen) option.remove();
  }
  for (const group of select.querySelectorAll("optgroup")) if (!group.children.length) group.remove();
  select.value = chosen;
  // Open as a list while something is typed; one line otherwise.
  select.size = words.length ? Math.min(Math.max(select.options.length, 2), SHOWN) : 0;
  return left;
}

function choose(select: HTMLSelectElement, value: string): void {
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

function add(select: HTMLSelectElement): void {
  const all = [...select.childNodes].map((node) => node.cloneNode(true));
  const words = select.dataset["search"] ?? "";
  const input = Object.assign(document.createElement("input"), { type: "search", className: "in picker", placeholder: words });
  input.autocomplete = "off";
  // The filter stands first in the label, so the list is named by the label's words.
  const label = select.closest("label");
  const said = label?.querySelector<HTMLElement>("span");
  if (said) {
    said.id ||= `of-${select.name}-${++count}`;
    select.setAttribute("aria-labelledby", said.id);
  }
  input.setAttribute("aria-label", `${said?.textContent?.trim() ?? ""} ${words}`.trim());
  let before = select.value;
  const close = (): void => {
    input.value = "";
    narrow(select, all, "");
  };
  const first = (): HTMLOptionElement | undefined => {
    const asked = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    return [...select.options].find((option) => option.value && fits(option, asked));
  };
  input.addEventListener("focus", () => (before = select.value));
  input.addEventListener("input", () => {
    narrow(select, all, input.value);
    const found = first();
    select.value = input.value.trim() && found ? found.value : before;
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && select.size) {
      event.preventDefault();
      select.focus();
    } else if (event.key === "Enter" && input.value.trim()) {
      // The form is not sent by choosing.
      event.preventDefault();
      const found = first();
      if (!found) return;
      const value = found.value;
      close();
      choose(select, value);
      select.focus();
    }
  });
  select.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !select.size) return;
    event.preventDefault();
    close();
    select.focus();
  });
  select.addEventListener("click", () => {
    if (select.size && select.value) close();
  });
  // Leaving closes the list; what it marked stays chosen.
  for (const one of [input, select]) {
    one.addEventListener("blur", () => window.setTimeout(() => {
      if (document.activeElement === input || document.activeElement === select || !input.value) return;
      const value = select.value;
      close();
      if (value !== before) choose(select, value);
    }));
  }
  select.before(input);
}

/** Put a filter over each long list of the page that has none yet. */
export function searchable(): void {
  for (const select of document.querySelectorAll<HTMLSelectElement>("select[data-search]")) {
    if (select.dataset["ready"]) continue;
    select.dataset["ready"] = "yes";
    add(select);
  }
}
