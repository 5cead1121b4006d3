/* ---- What the page holds ---- */

const byId = (id) => document.getElementById(id);
const settings = JSON.parse(byId("settings").textContent);
const cards = [...document.querySelectorAll(".open")];
const failures = document.querySelectorAll(".failed").length;
/** A page with one photo and nothing else needs no gallery. */
const single = cards.length === 1 && failures === 0;

/** One photo's data; parsed when it is shown, since the pictures in it are large. */
const photoAt = (index) => JSON.parse(cards[index].parentElement.querySelector(".photo").textContent);

/* ---- Searching, filtering and sorting: which cards there are, in which order ---- */

/** The photos that are shown, as indices of cards, in the order of the page. */
let order = cards.map((_, index) => index);

const items = [...document.querySelectorAll(".card")];
const given = new Map(items.map((item, place) => [item, place]));
const text = (item, part) => item.querySelector("." + part).textContent;
const isFailed = (item) => item.classList.contains("failed");

function matches(item) {
  const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const said = (text(item, "file") + " " + text(item, "label")).toLowerCase();
  const filter = byId("filter").value;
  const kinds = {
    "": () => true,
    warnings: () => Number(item.dataset.warnings) > 0,
    clear: () => !isFailed(item) && Number(item.dataset.warnings) === 0,
    failed: () => isFailed(item),
  };
  const kind = Object.hasOwn(kinds, filter) ? kinds[filter] : () => !isFailed(item) && "=" + text(item, "label") === filter;
  return words.every((word) => said.includes(word)) && kind();
}

/** Compares two cards; what could not be explained comes last, equal ones stay in the order that was given. */
function compared(first, second) {
  const number = (name) => Number(second.dataset[name]) - Number(first.dataset[name]);
  const word = (part) => text(first, part).localeCompare(text(second, part), undefined, { numeric: true });
  const by = byId("sort").value;
  const difference = {
    "": () => 0,
    name: () => word("file"),
    label: () => word("label"),
    probability: () => number("probability"),
    doubt: () => number("doubt"),
  }[by]();
  const last = by === "" || by === "name" ? 0 : isFailed(first) - isFailed(second);
  return last || difference || given.get(first) - given.get(second);
}

function arrange() {
  const sorted = [...items].sort(compared);
  for (const item of items) {
    item.hidden = !matches(item);
  }
  items[0]?.parentElement.append(...sorted);
  const seen = sorted.filter((item) => !item.hidden);
  order = seen.filter((item) => !isFailed(item)).map((item) => cards.indexOf(item.querySelector(".open")));
  byId("found").textContent = seen.length === items.length ? "" : `${seen.length} of ${items.length}`;
}

function listLabels() {
  const labels = [...new Set(cards.map((card) => text(card, "label")))].sort((a, b) => a.localeCompare(b));
  byId("filter-classes").append(...labels.map((label) => new Option(label, "=" + label)));
  byId("finder").hidden = items.length < 2;
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
  byId("peak").textContent = peak > 0 ? peak.toFixed(2) + (evidence().addsUp ? " logits" : "") : "no evidence";
  byId("unit").hidden = !evidence().addsUp;
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

function choose(choice, method = shown.method) {
  shown.choice = choice;
  shown.method = method;
  byId("classes").querySelectorAll("input")[choice].checked = true;
  shown.cells = cellsOf(evidence().map);
  shown.values = enlarged(placed(), shown.cells, canvas.width, canvas.height);
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

const invitation = matchMedia("(hover: none)").matches
  ? "Touch the photo to read the evidence there."
  : "Point at the photo to read the evidence there.";

/** The photo before (-1) or behind (1) the shown one in the order of the page; -1 where there is none. */
const neighbour = (step) => order[order.indexOf(shown.index) + step] ?? -1;

async function show(index) {
  const photo = photoAt(index);
  const asked = { index, photo, choice: 0, method: 0 };
  shown = asked;
  canvas.setAttribute("aria-busy", "true");
  const pixels = pixelsOf(await loaded(photo.picture));
  if (shown !== asked) {
    return; // Meanwhile another photo was asked for.
  }
  shown.pixels = pixels;
  canvas.width = pixels.width;
  canvas.height = pixels.height;
  canvas.parentElement.style.setProperty("--ratio", pixels.width / pixels.height);
  byId("name").textContent = photo.name;
  const place = order.indexOf(index);
  byId("position").textContent = order.length > 1 && place >= 0 ? `${place + 1} of ${order.length}` : "";
  byId("previous").disabled = neighbour(-1) < 0;
  byId("next").disabled = neighbour(1) < 0;
  byId("reading").textContent = invitation;
  listClasses(photo);
  listNotes(photo);
  byId("gallery").hidden = true;
  byId("viewer").hidden = false;
  choose(0, listMethods(photo));
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
  if (!shown || !shown.values || event.target.matches("[type=search]") || event.ctrlKey || event.altKey || event.metaKey) {
    return;
  }
  const { choice, photo } = shown;
  const action = {
    Escape: () => !single && (location.hash = ""),
    b: () => toggle("show-box"),
    c: () => toggle("show-contours"),
    // In a slider or a list the arrows belong to it, in the list of classes those up and down.
    ArrowLeft: across ? null : () => go(neighbour(-1)),
    ArrowRight: across ? null : () => go(neighbour(1)),
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
  byId("previous").addEventListener("click", () => go(neighbour(-1)));
  byId("next").addEventListener("click", () => go(neighbour(1)));
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const id of ["opacity", "colormap", "show-box", "show-contours"]) {
    byId(id).addEventListener("input", redraw);
  }
  byId("method").addEventListener("input", (event) => choose(shown.choice, event.target.selectedIndex));
  canvas.addEventListener("pointermove", read);
  canvas.addEventListener("pointerdown", read);
  listLabels();
  for (const id of ["search", "filter", "sort"]) {
    byId(id).addEventListener("input", arrange);
  }
  byId("finder").addEventListener("submit", (event) => event.preventDefault());
  arrange();
  document.addEventListener("keydown", key);
  window.addEventListener("hashchange", follow);
  follow();
}

start();
