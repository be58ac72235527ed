// A link with the receipt (or the code of what one follows) in its fragment (never sent to a server by itself) becomes the POST that opens the page.
const form = document.querySelector<HTMLFormElement>("form[data-track]");
const receipt = decodeURIComponent(location.hash.slice(1));
if (form && receipt) {
  history.replaceState(null, "", location.pathname);
  form.querySelector<HTMLInputElement>("input[name=receipt], input[name=code]")!.value = receipt;
  form.requestSubmit();
}

export {};
