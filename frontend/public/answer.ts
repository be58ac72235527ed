// A link with the code in its fragment (never sent to a server by itself) becomes the POST that opens the matter.
// A module of its own, so that its names meet no others.
export {};
const form = document.querySelector<HTMLFormElement>("form[data-answer]");
const code = decodeURIComponent(location.hash.slice(1));
if (form && code) {
  history.replaceState(null, "", location.pathname);
  form.querySelector<HTMLInputElement>("input[name=code]")!.value = code;
  form.requestSubmit();
}
