// Opens the run that the address names, where the browser does not do so by itself.
function openNamed() {
  const run = document.getElementById(location.hash.slice(1));
  if (run instanceof HTMLDetailsElement) {
    run.open = true;
    run.scrollIntoView();
  }
}
addEventListener("hashchange", openNamed);
openNamed();
