// A question that depends on another one is shown after an answer that calls for it; without scripts all are shown.

function answersTo(name: string): string[] {
  const fields = [...document.querySelectorAll<HTMLInputElement>(`input[name="${CSS.escape(name)}"]`)];
  const shown = fields.filter((field) => !field.closest("[data-on][hidden]"));
  return shown.filter((field) => field.checked || !["radio", "checkbox"].includes(field.type)).map((field) => field.value);
}

/** In the order of the page: a hidden question has no answer, so what depends on it is hidden too. */
export function depends(): void {
  for (const box of document.querySelectorAll<HTMLElement>("[data-on]")) {
    const among = (box.dataset["among"] ?? "").split(" ");
    box.hidden = !answersTo(box.dataset["on"] ?? "").some((answer) => among.includes(answer));
  }
}

export function watchQuestions(): void {
  depends();
  document.addEventListener("change", depends);
  document.addEventListener("htmx:after:swap", depends);
}
