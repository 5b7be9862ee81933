// The mission form: the rules of the chosen domain unfold beside it. Without this, they are all there to unfold.
const folds = [...document.querySelectorAll("[data-domain]")];
for (const radio of document.querySelectorAll('input[name="domain"]')) {
  radio.addEventListener("change", () => {
    for (const fold of folds) fold.open = fold.dataset.domain === radio.value;
  });
}

// At a distance, only the department of the place counts (R11).
const place = ["place_search", "address", "postcode", "city", "latitude"].map((name) => document.querySelector(`.f-${name}`));
const parts = place.filter(Boolean).map((field) => field.closest("details") ?? field);
const showPlace = () => {
  const remote = document.querySelector('input[name="presence"]:checked')?.value === "remote";
  for (const part of parts) part.hidden = remote;
};
for (const radio of document.querySelectorAll('input[name="presence"]')) radio.addEventListener("change", showPlace);
showPlace();
