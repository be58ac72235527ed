// A place as one types: an ARIA combobox over the house's own search. What is chosen fills the point and the village;
// nothing is taken before it is chosen.

interface Row { label: string; kind: string; where: string; area: string; lon: number; lat: number }

const WAIT = 180;

export function places(within: ParentNode = document): void {
  for (const input of within.querySelectorAll<HTMLInputElement>("input[data-places]:not([role=combobox])")) new Combo(input);
}

class Combo {
  private readonly list = document.createElement("ul");
  private readonly said = document.createElement("span");
  private rows: Row[] = [];
  private at = -1;
  private timer = 0;
  private asked = 0;
  private chosen = "";

  constructor(private readonly input: HTMLInputElement) {
    const id = `${input.id}-places`;
    this.list.id = id;
    this.list.className = "combo-list";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset["label"] ?? "");
    this.said.className = "sr";
    this.said.setAttribute("role", "status");
    const told = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
    for (const [name, value] of Object.entries(told)) input.setAttribute(name, value);
    input.parentElement?.classList.add("combo");
    input.after(this.list, this.said);
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = (event.target as HTMLElement).closest<HTMLElement>("[role=option]");
      if (option) this.choose(Number(option.dataset["row"]));
    });
  }

  private typed(): void {
    // A point that came with a chosen name belongs to that name only.
    if (this.chosen && this.input.value !== this.chosen) {
      this.chosen = "";
      this.point("", "");
    }
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), WAIT);
  }

  private async ask(): Promise<void> {
    const text = this.input.value.trim();
    const turn = ++this.asked;
    if (!text) return this.close();
    try {
      const answer = await fetch(`${this.input.dataset["places"]}?q=${encodeURIComponent(text)}`, { credentials: "same-origin" });
      if (!answer.ok) return this.close();
      const { rows } = (await answer.json()) as { rows: Row[] };
      if (turn === this.asked && document.activeElement === this.input) this.show(rows);
    } catch {
      this.close();
    }
  }

  private show(rows: Row[]): void {
    this.rows = rows;
    this.at = -1;
    this.list.replaceChildren(...rows.map((row, index) => this.option(row, index)));
    const { some = "", none = "" } = this.input.dataset;
    this.said.textContent = rows.length ? `${some} ${rows.length}` : none;
    this.open(rows.length > 0);
  }

  private option(row: Row, index: number): HTMLElement {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset["row"] = String(index);
    const name = document.createElement("b");
    const where = document.createElement("small");
    name.textContent = row.label;
    name.dataset["user"] = "";
    where.textContent = [row.kind, row.where].filter(Boolean).join(" · ");
    option.append(name, " ", where);
    return option;
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing || this.list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.mark((this.at + step + this.rows.length + (this.at < 0 && step < 0 ? 1 : 0)) % this.rows.length);
    } else if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      this.choose(this.at);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  private mark(at: number): void {
    this.at = at;
    for (const [index, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(index === at));
      if (index === at) option.scrollIntoView({ block: "nearest" });
    }
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${at}`);
  }

  private choose(index: number): void {
    const row = this.rows[index];
    if (!row) return;
    this.input.value = this.chosen = row.label;
    this.point(String(row.lon), String(row.lat));
    const area = this.input.form?.querySelector<HTMLSelectElement>("select[name=area]:not([data-without-point])");
    if (area && [...area.options].some((option) => option.value === row.area)) {
      area.value = row.area;
      area.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private point(lon: string, lat: string): void {
    const form = this.input.form;
    const east = form?.querySelector<HTMLInputElement>("[data-longitude]");
    const north = form?.querySelector<HTMLInputElement>("[data-latitude]");
    if (east) east.value = lon;
    if (north) north.value = lat;
  }

  private open(wanted: boolean): void {
    this.list.hidden = !wanted;
    this.input.setAttribute("aria-expanded", String(wanted));
    this.input.removeAttribute("aria-activedescendant");
  }

  private close(): void {
    this.open(false);
  }
}
