// One's own place, taken on a tap only and written into the form.
const $ = <T extends HTMLElement>(selector: string): T | null => document.querySelector<T>(selector);

export function locate(): void {
  const button = $<HTMLButtonElement>("[data-locate]");
  const said = $("[data-located]");
  if (!button || !said || !("geolocation" in navigator)) return;
  button.hidden = false;
  const say = (sentence: string | undefined) => { said.textContent = sentence ?? ""; said.hidden = false; };
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        $<HTMLInputElement>("[data-longitude]")!.value = coords.longitude.toFixed(6);
        $<HTMLInputElement>("[data-latitude]")!.value = coords.latitude.toFixed(6);
        say(said.dataset["said"]);
        if ("locateSend" in button.dataset) button.form?.requestSubmit();
      },
      () => say(said.dataset["failed"]),
      { enableHighAccuracy: true, timeout: 10_000 },
    );
  });
}
