// The mission form: the rules of the chosen domain unfold beside it. Without this, they are all there to unfold.
const folds = [...document.querySelectorAll("[data-domain]")];
for (const radio of document.querySelectorAll('input[name="domain"]')) {
  radio.addEventListener("change", () => {
    for (const fold of folds) fold.open = fold.dataset.domain === radio.value;
  });
}
