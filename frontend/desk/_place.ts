// The form that puts a place right: it comes into the page when it is asked for, its map only then.

declare global {
  interface Window { drawPlace?: (box: HTMLElement) => Promise<void> }
}

const form = (): HTMLFormElement | null => document.querySelector<HTMLFormElement>("#place-edit");
let loading: Promise<void> | null = null;

/** The drawing of maps is large: it is fetched once; after a failure the next form tries again. */
function load(box: HTMLElement): Promise<void> {
  loading ??= new Promise((done, failed) => {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = box.dataset["style"] ?? "";
    const script = document.createElement("script");
    script.src = box.dataset["script"] ?? "";
    script.onload = () => done();
    script.onerror = () => {
      loading = null;
      failed(new Error("no map"));
    };
    document.head.append(style, script);
  });
  return loading;
}

/** Draw the map of the form; `brought`: it was asked for just now, so that it is brought into view. */
export function showPlace(brought: boolean): void {
  const box = form()?.querySelector<HTMLElement>(".place-map:not([data-drawn])");
  if (brought) {
    form()?.scrollIntoView({ block: "nearest" });
    form()?.querySelector<HTMLElement>("#place-title")?.focus();
  }
  if (!box) return;
  box.dataset["drawn"] = "";
  load(box).then(() => window.drawPlace?.(box), () => box.classList.add("cannot"));
}

/** Close the form without leaving the page. */
export function shutPlace(event: Event): void {
  event.preventDefault();
  form()?.remove();
  document.getElementById("main")?.focus();
}
