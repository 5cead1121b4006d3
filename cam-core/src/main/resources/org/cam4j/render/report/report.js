"use strict";

/* ---- What the page holds ---- */

const byId = (id) => document.getElementById(id);
const settings = JSON.parse(byId("settings").textContent);
const cards = [...document.querySelectorAll(".open")];
const failures = document.querySelectorAll(".failed").length;
/** A page with one photo and nothing else needs no gallery. */
const single = cards.length === 1 && failures === 0;

/** One photo's data; parsed when it is shown, since the pictures in it are large. */
const photoAt = (index) => JSON.parse(cards[index].parentElement.querySelector(".photo").textContent);

/* ---- Maps ---- */

async function loaded(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}

function pixelsOf(image) {
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** A map's cells: red, green and blue are the 24 bits of a number from 0 (the smallest value) to 2^24 - 1 (the largest). */
async function cellsOf(map) {
  const { data, width, height } = pixelsOf(await loaded(map.picture));
  const values = new Float32Array(width * height);
  for (let i = 0; i < values.length; i++) {
    const bits = data[4 * i] * 65536 + data[4 * i + 1] * 256 + data[4 * i + 2];
    values[i] = map.min + ((map.max - map.min) * bits) / 16777215;
  }
  return { values, width, height };
}

/** Where a continuous coordinate of the photo lies between the cells along one axis; half-pixel centres. */
function between(photo, scale, offset, input, extent, cells) {
  const position = photo * scale + offset;
  const place = ((position - extent.from) * cells) / (extent.to - extent.from) - 0.5;
  const cell = Math.min(Math.max(place, 0), cells - 1);
  const low = Math.floor(cell);
  const seen = position >= Math.max(extent.seenFrom, 0) && position < Math.min(extent.seenTo, input);
  return { low, high: Math.min(low + 1, cells - 1), weight: cell - low, seen };
}

/** The value at a point of the photo, by bilinear interpolation; 0 where the network did not see the photo. */
function valueAt(cells, x, y) {
  if (!x.seen || !y.seen) {
    return 0;
  }
  const { values, width } = cells;
  const top = y.low * width;
  const bottom = y.high * width;
  const above = values[top + x.low] + (values[top + x.high] - values[top + x.low]) * x.weight;
  const below = values[bottom + x.low] + (values[bottom + x.high] - values[bottom + x.low]) * x.weight;
  return above + (below - above) * y.weight;
}

function alongX({ geometry, placement }, cells, x) {
  return between(x, geometry.scaleX, geometry.offsetX, geometry.inputWidth, placement.columns, cells.width);
}

function alongY({ geometry, placement }, cells, y) {
  return between(y, geometry.scaleY, geometry.offsetY, geometry.inputHeight, placement.rows, cells.height);
}

/** The map at every pixel of the picture, which may be smaller than the photo. */
function enlarged(photo, cells, width, height) {
  const columns = Array.from({ length: width }, (_, x) => alongX(photo, cells, ((x + 0.5) * photo.width) / width));
  const values = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const row = alongY(photo, cells, ((y + 0.5) * photo.height) / height);
    for (let x = 0; x < width; x++, i++) {
      values[i] = valueAt(cells, columns[x], row);
    }
  }
  return values;
}

/* ---- Painting ---- */

/** The photo with the heat over it: alpha = opacity * heat^0.8, the colour from the table. */
function paint(context, photoPixels, values, peak, colours, opacity) {
  const { width, height } = photoPixels;
  const painted = new ImageData(new Uint8ClampedArray(photoPixels.data), width, height);
  const out = painted.data;
  for (let i = 0; i < values.length; i++) {
    if (values[i] > 0) {
      const heat = Math.min(values[i] / peak, 1);
      const alpha = opacity * Math.pow(heat, 0.8);
      const rgb = colours[Math.min(Math.floor(heat * 256), 255)];
      for (let c = 0, j = 4 * i, shift = 16; c < 3; c++, j++, shift -= 8) {
        out[j] = out[j] * (1 - alpha) + ((rgb >> shift) & 255) * alpha;
      }
    }
  }
  context.putImageData(painted, 0, 0);
}

/** Lines of equal heat, by marching squares on every few pixels. */
function contour(context, values, width, height, level) {
  const step = Math.max(1, Math.round(Math.max(width, height) / 320));
  const path = new Path2D();
  for (let y = 0; y + step < height; y += step) {
    for (let x = 0; x + step < width; x += step) {
      const corners = [
        [x, y],
        [x + step, y],
        [x + step, y + step],
        [x, y + step],
      ].map(([cx, cy]) => ({ x: cx + 0.5, y: cy + 0.5, value: values[cy * width + cx] }));
      const crossings = [];
      corners.forEach((from, side) => {
        const to = corners[(side + 1) % 4];
        if (from.value > level !== to.value > level) {
          const part = (level - from.value) / (to.value - from.value);
          crossings.push([from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part]);
        }
      });
      // Of four crossings, the mean decides which belong together.
      const mean = corners.reduce((sum, corner) => sum + corner.value, 0) / 4;
      if (crossings.length === 4 && mean > level !== corners[0].value > level) {
        crossings.unshift(crossings.pop());
      }
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        path.moveTo(...crossings[i]);
        path.lineTo(...crossings[i + 1]);
      }
    }
  }
  const line = Math.max(1, Math.min(width, height) / 250);
  context.lineCap = "round";
  context.strokeStyle = "rgba(0, 0, 0, 0.5)";
  context.lineWidth = 2.6 * line;
  context.stroke(path);
  context.strokeStyle = "#fff";
  context.lineWidth = line;
  context.stroke(path);
}

/* ---- The viewer ---- */

const canvas = byId("picture");
const context = canvas.getContext("2d", { willReadFrequently: true });

/** What is shown: index and data of the photo, its pixels, the chosen class and method, its cells and values. */
let shown = null;

const chosen = () => shown.photo.classes[shown.choice];

/** The map of the chosen class by the chosen method, its peak and box. */
const evidence = () => (shown.method === 0 ? chosen() : chosen().others[shown.method - 1]);

/** The photo's data with the placement of the chosen method's map. */
const placed = () => ({ ...shown.photo, placement: evidence().placement || shown.photo.placement });

function redraw() {
  if (!shown || !shown.values) {
    return;
  }
  const { pixels, values } = shown;
  const peak = evidence().peak;
  const colours = settings.colormaps[byId("colormap").value];
  paint(context, pixels, values, peak, colours, byId("opacity").value / 100);
  if (byId("show-contours").checked && peak > 0) {
    for (const share of settings.contours) {
      contour(context, values, pixels.width, pixels.height, share * peak);
    }
  }
  drawBox();
  byId("percent").value = byId("opacity").value + " %";
  byId("peak").textContent = peak > 0 ? peak.toFixed(2) : "no evidence";
  const stops = colours.filter((_, i) => i % 17 === 0).map((rgb) => "#" + rgb.toString(16).padStart(6, "0"));
  byId("ramp").style.background = `linear-gradient(to right, ${stops.join(", ")})`;
}

function drawBox() {
  const { photo } = shown;
  const box = evidence().box;
  byId("box").hidden = !box || !byId("show-box").checked;
  if (box) {
    const style = byId("box").style;
    style.left = (100 * box[0]) / photo.width + "%";
    style.top = (100 * box[1]) / photo.height + "%";
    style.width = (100 * (box[2] - box[0])) / photo.width + "%";
    style.height = (100 * (box[3] - box[1])) / photo.height + "%";
    byId("box").firstElementChild.textContent = chosen().label + " " + chosen().caption;
  }
}

function described() {
  const box = evidence().box;
  return (
    `${shown.photo.name} with the evidence for ${chosen().label}, probability ${chosen().caption}: ` +
    (box ? `the hottest region goes from x ${box[0]}, y ${box[1]} to x ${box[2]}, y ${box[3]}.` : "nothing speaks for it.")
  );
}

async function choose(choice, method = shown.method) {
  const asked = shown;
  asked.choice = choice;
  asked.method = method;
  canvas.setAttribute("aria-busy", "true");
  byId("classes").querySelectorAll("input")[choice].checked = true;
  const cells = await cellsOf(evidence().map);
  if (shown !== asked || asked.choice !== choice || asked.method !== method) {
    return; // Meanwhile something else was asked for.
  }
  shown.cells = cells;
  shown.values = enlarged(placed(), cells, canvas.width, canvas.height);
  canvas.setAttribute("aria-label", described());
  redraw();
  canvas.setAttribute("aria-busy", "false");
}

function listClasses(photo) {
  byId("classes").replaceChildren(
    ...photo.classes.map((found, choice) => {
      const row = document.createElement("label");
      row.className = "class";
      const radio = document.createElement("input");
      radio.type = "radio";
      radio.name = "class";
      radio.addEventListener("change", () => choose(choice));
      const label = document.createElement("span");
      label.className = "label";
      label.textContent = found.label;
      const probability = document.createElement("span");
      probability.className = "probability";
      probability.textContent = found.caption;
      const share = document.createElement("span");
      share.className = "share";
      const filled = document.createElement("span");
      filled.style.width = 100 * found.probability + "%";
      share.append(filled);
      row.append(radio, label, probability, share);
      return row;
    }),
  );
}

/** Lists the methods, and returns the one of the photo before, if this photo has it. */
function listMethods(photo) {
  const before = byId("method").value;
  const same = Math.max(0, photo.methods.indexOf(before));
  byId("method").replaceChildren(...photo.methods.map((name, i) => new Option(name, name, i === same, i === same)));
  byId("methods").hidden = photo.methods.length === 1;
  return same;
}

function listNotes(photo) {
  byId("notes").hidden = photo.notes.length === 0;
  byId("notes").replaceChildren(
    ...photo.notes.map((note) => {
      const item = document.createElement("li");
      item.textContent = note;
      return item;
    }),
  );
}

async function show(index) {
  const photo = photoAt(index);
  const asked = { index, photo, choice: 0, method: 0 };
  shown = asked;
  canvas.setAttribute("aria-busy", "true");
  const pixels = pixelsOf(await loaded(photo.picture));
  if (shown !== asked) {
    return;
  }
  shown.pixels = pixels;
  canvas.width = pixels.width;
  canvas.height = pixels.height;
  canvas.parentElement.style.setProperty("--ratio", pixels.width / pixels.height);
  byId("name").textContent = photo.name;
  byId("position").textContent = cards.length > 1 ? `${index + 1} of ${cards.length}` : "";
  byId("previous").disabled = index === 0;
  byId("next").disabled = index === cards.length - 1;
  byId("reading").textContent = "Point at the photo to read the evidence there.";
  listClasses(photo);
  listNotes(photo);
  byId("gallery").hidden = true;
  byId("viewer").hidden = false;
  await choose(0, listMethods(photo));
}

function read(event) {
  if (!shown || !shown.cells) {
    return;
  }
  const area = canvas.getBoundingClientRect();
  const x = Math.floor(((event.clientX - area.left) / area.width) * shown.photo.width);
  const y = Math.floor(((event.clientY - area.top) / area.height) * shown.photo.height);
  if (x < 0 || y < 0 || x >= shown.photo.width || y >= shown.photo.height) {
    return;
  }
  const value = valueAt(
    shown.cells,
    alongX(placed(), shown.cells, x + 0.5),
    alongY(placed(), shown.cells, y + 0.5),
  );
  const peak = evidence().peak;
  const share = value > 0 ? `${Math.round((100 * value) / peak)} % of the maximum` : "does not speak for it";
  byId("reading").textContent = `x ${x}, y ${y}: evidence ${value.toFixed(2)}, ${share}`;
}

/* ---- Going about: the address says what is shown, so that the browser's back button works ---- */

const addressed = () => Number((location.hash.match(/^#photo-(\d+)$/) || [0, 0])[1]) - 1;

function go(index) {
  if (index >= 0 && index < cards.length) {
    location.hash = `photo-${index + 1}`;
  }
}

async function follow() {
  const index = single ? 0 : addressed();
  if (index >= 0 && index < cards.length) {
    await show(index);
    if (!single && shown.index === index) {
      byId("name").focus();
    }
    return;
  }
  const last = shown;
  shown = null;
  byId("viewer").hidden = true;
  byId("gallery").hidden = false;
  if (last) {
    cards[last.index].focus();
  }
}

function toggle(id) {
  byId(id).checked = !byId(id).checked;
  redraw();
}

function key(event) {
  const across = event.target.matches("[type=range], select");
  const along = event.target.matches("[type=range], [type=radio], select");
  if (!shown || !shown.values || event.ctrlKey || event.altKey || event.metaKey) {
    return;
  }
  const { index, choice, photo } = shown;
  const action = {
    Escape: () => !single && (location.hash = ""),
    b: () => toggle("show-box"),
    c: () => toggle("show-contours"),
    // In a slider or a list the arrows belong to it, in the list of classes those up and down.
    ArrowLeft: across ? null : () => go(index - 1),
    ArrowRight: across ? null : () => go(index + 1),
    ArrowUp: along ? null : () => choice > 0 && choose(choice - 1),
    ArrowDown: along ? null : () => choice < photo.classes.length - 1 && choose(choice + 1),
  }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (action) {
    event.preventDefault();
    action();
  }
}

/* ---- Start ---- */

function start() {
  for (const name of Object.keys(settings.colormaps)) {
    byId("colormap").append(new Option(name, name, false, name === settings.colormap));
  }
  byId("opacity").value = Math.round(100 * settings.opacity);
  byId("summary").textContent =
    `${cards.length} ${cards.length === 1 ? "photo" : "photos"} explained` + (failures ? `, ${failures} not` : "");
  byId("all").hidden = single;
  byId("previous").hidden = byId("next").hidden = cards.length === 1;
  cards.forEach((card, index) => card.addEventListener("click", () => go(index)));
  byId("all").addEventListener("click", () => (location.hash = ""));
  byId("previous").addEventListener("click", () => go(shown.index - 1));
  byId("next").addEventListener("click", () => go(shown.index + 1));
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const id of ["opacity", "colormap", "show-box", "show-contours"]) {
    byId(id).addEventListener("input", redraw);
  }
  byId("method").addEventListener("input", (event) => choose(shown.choice, event.target.selectedIndex));
  canvas.addEventListener("pointermove", read);
  canvas.addEventListener("pointerdown", read);
  document.addEventListener("keydown", key);
  window.addEventListener("hashchange", follow);
  follow();
}

start();
