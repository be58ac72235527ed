// Ticked rows: how many, by key, all of them.

const boxes = (): HTMLInputElement[] => [...document.querySelectorAll<HTMLInputElement>(".pick input")];

/** Say how many are ticked. */
export function count(): void {
  const said = document.getElementById("picked");
  if (said) said.textContent = `${boxes().filter((box) => box.checked).length} ${said.dataset["words"]}`;
}

/** Tick the row that has the focus, or the open one. */
export function pick(): void {
  const row = document.activeElement?.closest(".evline") ?? document.querySelector(".evline:has([aria-current])");
  const box = row?.querySelector<HTMLInputElement>(".pick input");
  if (!box) return;
  box.checked = !box.checked;
  count();
}

/** Tick all that are shown, or none when all are ticked. */
export function pickAll(): void {
  const all = boxes();
  const every = all.every((box) => box.checked);
  for (const box of all) box.checked = !every;
  count();
}
