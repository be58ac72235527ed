// The form that puts a place right: it comes into the page when it is asked for, its map only then.

declare global {
  interface Window { drawPlace?: (box: HTMLElement) => Promise<void> }
}

const form = (): HTMLFormElement | null => document.querySelector<HTMLFormElement>("#place-edit");
let loading: Promise<unknown> | null = null;

/** Put one file into the head of the page, and wait until it is there. */
function fetched<K extends "link" | "script">(kind: K, values: Partial<HTMLElementTagNameMap[K]>): Promise<void> {
  return new Promise((done, failed) => {
    const one = Object.assign(document.createElement(kind), values);
    one.onload = () => done();
    one.onerror = () => failed(new Error("no map"));
    document.head.append(one);
  });
}

/** The drawing of maps is large: it is fetched once; after a failure the next form tries again. */
function load(box: HTMLElement): Promise<unknown> {
  const { style = "", script = "" } = box.dataset;
  // A map that is drawn before its style is there does not know how high it is, and looks too far around.
  loading ??= Promise.all([fetched("link", { rel: "stylesheet", href: style }), fetched("script", { src: script })]);
  loading.catch(() => { loading = null; });
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
