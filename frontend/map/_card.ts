// The side card: one matter with what is near it and whom to send, several at one place, or any point.
import { csrf } from "../shared/_stream";
import type { OnMap } from "./_base";
import { mark } from "./_matters";
import { circle, clear } from "./_tools";

type Place = [number, number];
interface Edges { top: number; bottom: number; left: number; right: number }
const NEAR = 200;
const EDGE = 24;
const NONE: Edges = { top: 0, bottom: 0, left: 0, right: 0 };

export class Card {
  number = "";
  // Which question is the newest: an answer that was overtaken by another one is left.
  private turn = 0;
  private sending = false;
  private readonly box = document.getElementById("card") as HTMLElement;
  private before: Element | null = null;

  constructor(private readonly map: OnMap | null, private readonly main: HTMLElement, private readonly chosen: () => void) {
    this.box.addEventListener("click", (event) => this.clicked(event));
    this.box.addEventListener("submit", (event) => this.sent(event));
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  /** Open the card of a matter. */
  async open(number: string): Promise<Place | null> {
    return this.show(fetch(`${this.main.dataset["events"]}${encodeURIComponent(number)}/`), number);
  }

  /** The matter was moved by somebody: what the card says is asked for anew, unless somebody is in it or sends it. */
  async moved(number: string): Promise<void> {
    if (this.sending || this.box.hidden || this.box.contains(document.activeElement)) return;
    if (number === this.number) await this.open(number);
  }

  /** What is near any point. */
  async near(place: Place, metres: number): Promise<void> {
    await this.show(fetch(`${this.main.dataset["near"]}?card=1&at=${place.join(",")}`), "", metres);
  }

  /** Several matters at one place: the reader says which. */
  offer(numbers: string[]): void {
    const rows = numbers.map((number) => document.querySelector(`#rows [data-number="${number}"]`)?.cloneNode(true) as HTMLElement | null);
    const list = rows.map((row, n) => row ?? Object.assign(document.createElement("a"), { href: "#", textContent: numbers[n] }));
    list.forEach((row, n) => (row.dataset["number"] = numbers[n]));
    this.turn += 1;
    this.remember("");
    this.box.replaceChildren(this.closer(), ...list);
    this.focus();
  }

  close(): void {
    this.turn += 1;
    if (this.box.hidden) return;
    this.box.hidden = true;
    this.number = "";
    if (this.map) {
      clear(this.map);
      mark(this.map, null);
      this.frame(this.map);
    }
    if (this.before instanceof HTMLElement && this.before.isConnected) this.before.focus();
    this.chosen();
  }

  private async show(asked: Promise<Response>, number: string, metres = NEAR): Promise<Place | null> {
    const turn = ++this.turn;
    const answer = await asked;
    const html = await answer.text();
    if (turn !== this.turn) return null;
    if (answer.status === 404) {
      this.close();
      return null;
    }
    this.remember(number);
    this.box.innerHTML = html;
    const place = this.place();
    if (place && this.map) {
      mark(this.map, place);
      this.uncover(this.map, place);
    }
    this.focus();
    this.chosen();
    await this.around(metres);
    return place;
  }

  /** What the open card covers of the map: its right side; on a phone its lower part, and the tools the upper one. */
  covers(): Edges {
    const { position, width, right, maxHeight } = getComputedStyle(this.box);
    if (position === "absolute") return { ...NONE, right: parseFloat(width) + parseFloat(right) };
    const low = this.map?.getContainer().getBoundingClientRect().bottom ?? 0;
    const top = document.querySelector<HTMLElement>(".tools")?.offsetHeight ?? 0;
    return { ...NONE, top, bottom: Math.max(0, low - window.innerHeight + parseFloat(maxHeight)) };
  }

  /** The middle of the map is the middle of what the card leaves; nothing moves for that. */
  private frame(map: OnMap): void {
    if (map.isMoving()) return void map.once("moveend", () => this.frame(map));
    const [covered, before] = [this.box.hidden ? NONE : this.covers(), map.getPadding()];
    if (covered.right === before.right && covered.bottom === before.bottom) return;
    const { clientWidth, clientHeight } = map.getContainer();
    const middle = map.unproject([(clientWidth - covered.right) / 2, (clientHeight + covered.top - covered.bottom) / 2]);
    map.jumpTo({ center: middle, padding: covered });
  }

  /** A place that lies under the card comes out. */
  private uncover(map: OnMap, place: Place): void {
    this.frame(map);
    const [{ right, bottom }, { x, y }, { clientWidth, clientHeight }] = [this.covers(), map.project(place), map.getContainer()];
    const covered = (right && x > clientWidth - right - EDGE) || (bottom && y > clientHeight - bottom - EDGE);
    if (covered && !map.isMoving()) map.easeTo({ center: place });
  }

  private remember(number: string): void {
    if (this.box.hidden) this.before = document.activeElement;
    this.number = number;
    this.box.hidden = false;
  }

  private focus(): void {
    this.box.scrollTop = 0;
    this.box.focus({ preventScroll: true });
  }

  private closer(): HTMLElement {
    const words = document.querySelector<HTMLElement>("[data-close-words]")?.dataset["closeWords"] ?? "×";
    const button = Object.assign(document.createElement("button"), { type: "button", className: "close", textContent: "×" });
    button.dataset["close"] = "";
    button.setAttribute("aria-label", words);
    return button;
  }

  private place(): Place | null {
    const given = this.box.querySelector<HTMLElement>("article")?.dataset["at"]?.split(",").map(Number) ?? [];
    return given.length === 2 && given.every(Number.isFinite) ? (given as Place) : null;
  }

  private async around(metres: number): Promise<void> {
    const place = this.place();
    const found = this.box.querySelector<HTMLElement>("[data-found]");
    if (!place || !found) return;
    for (const button of this.box.querySelectorAll<HTMLElement>("[data-metres]")) {
      button.setAttribute("aria-pressed", String(button.dataset["metres"] === String(metres)));
    }
    if (this.map) circle(this.map, place, metres);
    const turn = ++this.turn;
    const answer = await fetch(`${this.main.dataset["near"]}?at=${place.join(",")}&metres=${metres}&without=${this.number}`);
    const html = await answer.text();
    if (turn === this.turn) found.innerHTML = html;
  }

  private clicked(event: MouseEvent): void {
    const target = event.target as Element;
    const row = target.closest<HTMLElement>("a[data-number]");
    if (target.closest("[data-close]")) this.close();
    else if (row) {
      event.preventDefault();
      void this.open(row.dataset["number"] ?? "");
    } else {
      const metres = target.closest<HTMLElement>("[data-metres]")?.dataset["metres"];
      if (metres) void this.around(Number(metres));
    }
  }

  private sent(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    if (!form.matches("[data-dispatch]")) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter) as unknown as Record<string, string>);
    this.sending = true;
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    const answer = fetch(form.action, { method: "POST", body, headers: { "X-CSRFToken": csrf() } });
    void this.show(answer, this.number).finally(() => {
      this.sending = false;
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    });
  }
}
