// The results' map, moved about by Leaflet: the drawing and the list of the page are its only data. Without this, the drawing stays.
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
    crs: L.CRS.Simple, zoomControl: false, attributionControl: false, minZoom: -2, maxZoom: 6, zoomSnap: 0.25, zoomDelta: 1,
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
  const spots = [...drawing.querySelectorAll("a")].reverse(); // drawn with the largest on top, listed with the largest first
  spots.forEach((spot, index) => {
    const words = spot.querySelector("title").textContent;
    const line = lines[index].closest("li");
    const count = spot.querySelector(".map-count")?.textContent || "1";
    const size = Math.max(28, Math.min(56, (Number(spot.querySelector("circle").getAttribute("r")) * 2 * holder.clientWidth) / width));
    const face = Object.assign(document.createElement("span"), { className: "map-spot" });
    const said = Object.assign(document.createElement("span"), { className: "sr", textContent: words });
    const seen = Object.assign(document.createElement("span"), { textContent: count });
    seen.setAttribute("aria-hidden", "true");
    face.append(seen, said);
    const marker = L.marker([-Number(spot.dataset.y), Number(spot.dataset.x)], {
      icon: L.divIcon({ html: face, className: "", iconSize: [size, size] }), riseOnHover: true, zIndexOffset: 1000 - index,
    }).addTo(map);
    const name = spot.querySelector(".map-name")?.textContent; // where there is room for it
    marker.bindTooltip(
      Object.assign(document.createElement("span"), { textContent: name || words }),
      name ? { permanent: true, direction: "right", offset: [size / 2, 0] } : { direction: "top", offset: [0, -size / 2] },
    );
    if (line.querySelector("ul")) {
      const told = document.createElement("div");
      told.append(...[...line.children].map((child) => child.cloneNode(true)));
      marker.bindPopup(told, { closeButtonLabel: frame.dataset.close, minWidth: 220, maxWidth: 300 });
    } else {
      marker.on("click keypress", (event) => {
        if (event.type === "click" || event.originalEvent.key === "Enter") location.href = spot.getAttribute("href");
      });
    }
    // pointing at a line of the list shows its place
    line.addEventListener("mouseenter", () => marker.getElement().classList.add("is-pointed"));
    line.addEventListener("mouseleave", () => marker.getElement().classList.remove("is-pointed"));
  });
}
