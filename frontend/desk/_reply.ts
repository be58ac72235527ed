// Words ready to use are put where the reader writes; what already stands there stays.

/** Put a template into its text: at the end of what was typed, the first blank selected. */
export function fill(button: HTMLElement): void {
  const field = document.getElementById(button.dataset["fill"] ?? "") as HTMLTextAreaElement | null;
  const words = button.parentElement?.querySelector("p")?.textContent?.trim() ?? "";
  if (!field || !words) return;
  const before = field.value.trim() ? `${field.value.trimEnd()}\n` : "";
  field.value = before + words;
  const blank = /\[[^\]]+\]|\u3010[^\u3011]+\u3011/.exec(words);
  const start = before.length + (blank?.index ?? words.length);
  const closed = button.closest("details");
  if (closed) closed.open = false;
  field.focus();
  field.setSelectionRange(start, start + (blank?.[0].length ?? 0));
  // The hints look at it as if it had been typed.
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
