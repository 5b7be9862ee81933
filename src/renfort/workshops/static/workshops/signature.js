// A signature drawn with a finger, kept as moves and lines in a box of 600 by 200. Without this module there is the box to tick.

const pad = document.getElementById("trace");
const field = document.querySelector('[name="path"]');
const box = pad.querySelector("canvas");
const pen = box.getContext("2d");
const width = 600;
const height = 200;
let path = "";
let last = null;

pad.hidden = false;
box.width = width;
box.height = height;
pen.lineWidth = 4;
pen.lineCap = pen.lineJoin = "round";
pen.strokeStyle = "#14264a"; // ink on the white of paper, in both themes

const place = (event) => {
  const frame = box.getBoundingClientRect();
  const at = (value, size, top) => Math.max(0, Math.min(top - 1, Math.round((value / size) * top)));
  return [at(event.clientX - frame.left, frame.width, width), at(event.clientY - frame.top, frame.height, height)];
};

box.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  box.setPointerCapture(event.pointerId);
  last = place(event);
  path += `${path ? " " : ""}M${last[0]} ${last[1]}`;
});
box.addEventListener("pointermove", (event) => {
  if (!last || path.length > 11900) return;
  const next = place(event);
  if (next[0] === last[0] && next[1] === last[1]) return;
  pen.beginPath();
  pen.moveTo(...last);
  pen.lineTo(...next);
  pen.stroke();
  last = next;
  path += ` L${next[0]} ${next[1]}`;
  field.value = path;
});
const lift = () => (last = null);
box.addEventListener("pointerup", lift);
box.addEventListener("pointercancel", lift);

pad.querySelector("button").addEventListener("click", () => {
  pen.clearRect(0, 0, width, height);
  path = field.value = "";
});
