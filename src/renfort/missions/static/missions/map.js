// The results' map, moved about by Leaflet: the drawing and the list of the page are its only data. Without this, the drawing stays.
const SIZE = 30; // px: what a finger hits
const frame = document.querySelector("[data-map]");
const svg = frame?.querySelector("svg");
if (svg && window.L) live(svg);

function live(drawing) {
  const L = window.L;
  const [left, top, width, height] = frame.dataset.view.split(" ").map(Number);
  const ground = drawing.querySelector("[data-ground]");
  const [wholeLeft, wholeTop, wholeWidth, wholeHeight] = ground.dataset.whole.split(" ").map(Number);
  const box = (x, y, w, h) => [[-y - h, x], [-y, x + w]]; // Leaflet's plane has its y upwards

  const holder = Object.assign(document.createElement("div"), { className: "map-live" });
  holder.setAttribute("role", "region");
  holder.setAttribute("aria-label", frame.dataset.label);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(holder, {
    crs: L.CRS.Simple, zoomControl: false, attributionControl: false, minZoom: -2, maxZoom: 7, zoomSnap: 0.25, zoomDelta: 1,
    maxBounds: box(wholeLeft - 60, wholeTop - 60, wholeWidth + 120, wholeHeight + 120), scrollWheelZoom: false,
    zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still,
  });
  drawing.setAttribute("hidden", ""); // an SVG has no such property
  drawing.after(holder);
  L.control.zoom({ zoomInTitle: frame.dataset.zoomIn, zoomOutTitle: frame.dataset.zoomOut }).addTo(map);
  map.fitBounds(box(left, top, width, height), { animate: false });
  map.on("focus click", () => map.scrollWheelZoom.enable()); // a page that is scrolled is not a map that is zoomed

  const paper = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  paper.setAttribute("viewBox", ground.dataset.whole);
  paper.append(ground.cloneNode(true));
  L.svgOverlay(paper, box(wholeLeft, wholeTop, wholeWidth, wholeHeight)).addTo(map);
  const around = drawing.querySelector("[data-around]");
  if (around) {
    const [x, y, r] = ["cx", "cy", "r"].map((name) => Number(around.getAttribute(name)));
    L.circle([-y, x], { radius: r, className: "map-around", interactive: false, fill: true }).addTo(map);
  }

  const lines = [...document.querySelectorAll("[data-mark]")];
  // drawn with the fullest on top, listed with the fullest first
  const spots = [...drawing.querySelectorAll("a")].reverse().map((link, index) => ({
    at: L.latLng(-Number(link.dataset.y), Number(link.dataset.x)),
    count: Number(link.dataset.count),
    words: link.querySelector("title").textContent,
    name: link.querySelector(".map-name")?.textContent, // where there is room for it
    url: link.getAttribute("href"),
    line: lines[index].closest("li"),
  }));
  // a popup is read and left by keyboard: the focus goes in and comes back
  map.on("popupopen", ({ popup }) => popup.getElement().querySelector(".leaflet-popup-content a")?.focus({ preventScroll: true }));
  map.on("popupclose", ({ popup }) => {
    if (popup.getElement()?.contains(document.activeElement)) popup._source?.getElement()?.focus({ preventScroll: true });
  });
  holder.addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup());

  const roomy = holder.clientWidth > 560; // on a phone the names would cover the places
  const markers = L.layerGroup().addTo(map);
  map.on("zoomend", arrange);
  arrange();

  // places that a finger could not tell apart stand as one, which opens when it is pressed
  function arrange() {
    const groups = [];
    for (const spot of spots) {
      const point = map.latLngToLayerPoint(spot.at);
      const near = groups.find((group) => group.point.distanceTo(point) < SIZE + 4);
      if (near) near.spots.push(spot);
      else groups.push({ point, spots: [spot] });
    }
    markers.clearLayers();
    for (const group of groups) (group.spots.length > 1 ? several : single)(group.spots);
  }

  function face(at, count, words, size) {
    const inside = Object.assign(document.createElement("span"), { className: "map-spot" });
    const seen = Object.assign(document.createElement("span"), { textContent: count.toLocaleString(document.documentElement.lang) });
    seen.setAttribute("aria-hidden", "true");
    inside.append(seen, Object.assign(document.createElement("span"), { className: "sr", textContent: words }));
    return L.marker(at, { icon: L.divIcon({ html: inside, className: "", iconSize: [size, size] }), riseOnHover: true }).addTo(markers);
  }

  function press(marker, act) {
    marker.on("click keypress", (event) => (event.type === "click" || event.originalEvent.key === "Enter") && act());
  }

  function single([spot]) {
    const size = Math.min(SIZE + 16, SIZE + Math.sqrt(spot.count) * 2);
    const marker = face(spot.at, spot.count, spot.words, size);
    marker.bindTooltip(
      Object.assign(document.createElement("span"), { textContent: (roomy && spot.name) || spot.words }),
      spot.name && roomy ? { permanent: true, direction: "right", offset: [size / 2, 0] } : { direction: "top", offset: [0, -size / 2] },
    );
    if (spot.line.querySelector("ul")) tell(marker, [spot]);
    else press(marker, () => (location.href = spot.url));
    // pointing at a line of the list shows its place
    spot.line.onmouseenter = () => marker.getElement()?.classList.add("is-pointed");
    spot.line.onmouseleave = () => marker.getElement()?.classList.remove("is-pointed");
  }

  function several(together) {
    const count = together.reduce((sum, spot) => sum + spot.count, 0);
    const marker = face(together[0].at, count, together.map((spot) => spot.words).join(", "), SIZE + 8);
    marker.getElement().classList.add("is-several");
    if (map.getZoom() >= map.getMaxZoom()) return tell(marker, together);
    press(marker, () => {
      map.fitBounds(L.latLngBounds(together.map((spot) => spot.at)).pad(0.3), { animate: !still });
      holder.focus({ preventScroll: true }); // what was pressed is gone
    });
  }

  function tell(marker, those) {
    const told = document.createElement("div");
    for (const spot of those) told.append(...[...spot.line.children].map((child) => child.cloneNode(true)));
    marker.bindPopup(told, { closeButtonLabel: frame.dataset.close, minWidth: 220, maxWidth: 300 });
  }
}
