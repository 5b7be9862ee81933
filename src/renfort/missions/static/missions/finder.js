// The public search: short addresses, « autour de moi », a choice that applies at once. Without this it is a form with a button.
const form = document.querySelector("[data-finder]");

// an address to share says what was asked and nothing else
form.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
});

const here = form.querySelector("[data-here]");
if (here && navigator.geolocation) {
  here.hidden = false;
  here.addEventListener("click", () => {
    here.setAttribute("data-busy", "");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lieu.value = "";
        for (const [name, degrees] of [["lat", coords.latitude], ["lon", coords.longitude]]) {
          const field = Object.assign(document.createElement("input"), { type: "hidden", name, value: degrees.toFixed(2) }); // within a kilometre
          form.append(field);
        }
        form.requestSubmit();
      },
      () => {
        here.removeAttribute("data-busy");
        here.hidden = true; // refused, or not known: there is the box
        form.elements.lieu.focus();
      },
      { timeout: 8000, maximumAge: 600000 },
    );
  });
}
