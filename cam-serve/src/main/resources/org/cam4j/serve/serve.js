"use strict";

/* ---- The server ---- */

const byId = (id) => document.getElementById(id);

/** The newest first. Only this page has them. */
const photos = [];
const MOST_PHOTOS = 12;
const CONTOURS = [0.2, 0.5, 0.8];
const RETRIES = 20;

/** What GET /model told. */
let about = null;

const headers = () => {
  const token = sessionStorage.getItem("cam4j-token");
  return token ? { Authorization: `Bearer ${token}` } : {};
};

/** The token comes behind the number sign, which browsers send nowhere; it does not stay in the address. */
function takeToken() {
  const given = location.hash.match(/^#token=(.+)$/);
  if (given) {
    sessionStorage.setItem("cam4j-token", decodeURIComponent(given[1]));
    history.replaceState(null, "", location.pathname);
  }
}

const pause = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

/** The server's words when it refuses. */
async function refusal(answer) {
  try {
    return (await answer.json()).detail || answer.statusText;
  } catch {
    return `the server answered ${answer.status}`;
  }
}

/** Asks about a photo; waits for a full server. */
async function ask(photo, parameters) {
  const query = new URLSearchParams({ name: photo.name });
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== "") {
      query.set(name, value);
    }
  }
  const type = photo.file.type.startsWith("image/") ? photo.file.type : "application/octet-stream";
  for (let i = 0; ; i++) {
    let answer;
    try {
      answer = await fetch(`explain?${query}`, {
        method: "POST",
        headers: { ...headers(), "Content-Type": type },
        body: photo.file,
      });
    } catch {
      throw new Error("the server does not answer: is it running?");
    }
    if (answer.ok) {
      return answer;
    }
    if (answer.status === 401) {
      askForToken();
    }
    if (answer.status !== 429 || i === RETRIES) {
      throw new Error(await refusal(answer));
    }
    byId("status").textContent = "The server is busy; waiting ...";
    await pause(Number(answer.headers.get("Retry-After")) || 1);
  }
}

/* ---- Small pieces ---- */

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

const colours = () => about.colormaps[byId("colormap").value];

const css = (rgb) => "#" + rgb.toString(16).padStart(6, "0");

/** The model's class by index or label; -1 if there is none. */
function classIndex(model, text) {
  const label = text.trim();
  if (/^\d+$/.test(label) && Number(label) < model.classes.length) {
    return Number(label);
  }
  const lower = label.toLowerCase();
  const exact = model.classes.indexOf(label);
  return exact >= 0 ? exact : model.classes.findIndex((name) => lower !== "" && name.toLowerCase().startsWith(lower));
}

/* ---- A pane: one photo, one model, one method, one class ---- */

class Pane {
  constructor(first) {
    this.root = byId("pane").content.firstElementChild.cloneNode(true);
    this.find = (selector) => this.root.querySelector(selector);
    this.canvas = this.find("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.group = `class-${first ? 1 : 2}`;
    this.any = "";
    this.wanted = null;
    if (matchMedia("(hover: none)").matches) {
      this.find("figcaption").textContent = "Touch the photo to read the evidence there.";
    }
    this.list(".model", about.models.map((model) => [model.name, model.name]));
    this.find(".model").closest(".row").hidden = about.models.length === 1;
    this.list(".method", about.methods.map((name) => [name, name]));
    this.listLayers();
    this.find(".model").addEventListener("change", () => {
      this.any = this.find(".any").value = "";
      this.wanted = null;
      this.listLayers();
      this.show(this.photo);
    });
    this.find(".method").addEventListener("change", () => this.show(this.photo));
    this.find(".layer").addEventListener("change", () => this.show(this.photo));
    this.find(".any").addEventListener("change", () => this.chooseAny());
    this.find("form").addEventListener("submit", (event) => event.preventDefault());
    for (const button of this.root.querySelectorAll(".downloads button")) {
      button.addEventListener("click", () => this.download(button.value));
    }
    this.canvas.addEventListener("pointermove", (event) => this.read(event));
    this.canvas.addEventListener("pointerdown", (event) => this.read(event));
  }

  list(selector, options) {
    this.find(selector).replaceChildren(...options.map(([text, value]) => new Option(text, value)));
  }

  get model() {
    return about.models.find((model) => model.name === this.find(".model").value);
  }

  listLayers() {
    this.list(".layer", [["the last one", ""], ...this.model.layers.map((name) => [name, name]).reverse()]);
  }

  /** What the server is asked. */
  parameters() {
    const method = this.find(".method").value;
    const noLayer = about.methodsWithoutLayer.includes(method);
    this.find(".layer").disabled = noLayer;
    return { model: this.model.name, method, layer: noLayer ? "" : this.find(".layer").value };
  }

  fail(message) {
    this.find(".failure").hidden = !message;
    this.find(".failure").textContent = message;
  }

  chooseAny() {
    const text = this.find(".any").value;
    const index = classIndex(this.model, text);
    if (text.trim() !== "" && index < 0) {
      this.fail(`The model has no class called '${text}'.`);
      return;
    }
    this.any = index < 0 ? "" : String(index);
    this.wanted = index < 0 ? null : index;
    this.show(this.photo);
  }

  async show(photo) {
    this.photo = photo;
    const parameters = this.parameters();
    const turn = (this.turn = {});
    this.canvas.setAttribute("aria-busy", "true");
    this.fail("");
    try {
      const data = await photo.view({ ...parameters, class: this.any });
      const pixels = pixelsOf(await loaded(data.picture));
      if (this.turn !== turn) {
        return; // Meanwhile something else was asked for.
      }
      Object.assign(this, { data, pixels });
      this.canvas.width = pixels.width;
      this.canvas.height = pixels.height;
      this.canvas.parentElement.style.setProperty("--ratio", pixels.width / pixels.height);
      const isDefault = parameters.method === about.methods[0] && parameters.layer === "";
      this.method = isDefault ? 0 : 1;
      const placed = data.methods.length > this.method;
      if (!placed) {
        this.method = 0;
        this.fail(`The map of ${parameters.method} has no place in the photo; the default map is shown.`);
      }
      this.listClasses();
      this.listNotes();
      const wanted = data.classes.findIndex((found) => found.index === this.wanted);
      this.choose(Math.max(0, wanted));
    } catch (failure) {
      if (this.turn === turn) {
        this.fail(failure.message);
        this.canvas.setAttribute("aria-busy", "false");
      }
    }
  }

  listClasses() {
    const rows = this.data.classes.map((found, choice) => {
      const row = element("label", "class");
      const radio = element("input", "");
      radio.type = "radio";
      radio.name = this.group;
      radio.addEventListener("change", () => this.choose(choice));
      const share = element("span", "share");
      const filled = element("span", "");
      filled.style.width = 100 * found.probability + "%";
      share.append(filled);
      row.append(radio, element("span", "label", found.label), element("span", "probability", found.caption), share);
      return row;
    });
    this.find(".classes").replaceChildren(...rows);
  }

  listNotes() {
    this.find(".notes").hidden = this.data.notes.length === 0;
    this.find(".notes").replaceChildren(...this.data.notes.map((note) => element("li", "", note)));
  }

  get found() {
    return this.data.classes[this.choice];
  }

  get evidence() {
    return this.method === 0 ? this.found : this.found.others[this.method - 1];
  }

  get placed() {
    return { ...this.data, placement: this.evidence.placement || this.data.placement };
  }

  choose(choice) {
    this.choice = choice;
    this.wanted = this.found.index;
    this.find(".classes").querySelectorAll("input")[choice].checked = true;
    this.cells = cellsOf(this.evidence.map);
    this.values = enlarged(this.placed, this.cells, this.canvas.width, this.canvas.height);
    this.canvas.setAttribute("aria-label", this.described());
    this.redraw();
    this.canvas.setAttribute("aria-busy", "false");
  }

  described() {
    const box = this.evidence.box;
    return (
      `${this.data.name} with the evidence for ${this.found.label}, probability ${this.found.caption}: ` +
      (box ? `the hottest region goes from x ${box[0]}, y ${box[1]} to x ${box[2]}, y ${box[3]}.` : "nothing speaks for it.")
    );
  }

  redraw() {
    if (!this.values) {
      return;
    }
    const { peak, box } = this.evidence;
    paint(this.context, this.pixels, this.values, peak, colours(), byId("opacity").value / 100);
    if (byId("show-contours").checked && peak > 0) {
      CONTOURS.forEach((share) =>
        contour(this.context, this.values, this.canvas.width, this.canvas.height, share * peak),
      );
    }
    const mark = this.find(".mark");
    mark.hidden = !box || !byId("show-box").checked;
    if (box) {
      const { width, height } = this.data;
      mark.style.left = (100 * box[0]) / width + "%";
      mark.style.top = (100 * box[1]) / height + "%";
      mark.style.width = (100 * (box[2] - box[0])) / width + "%";
      mark.style.height = (100 * (box[3] - box[1])) / height + "%";
      mark.firstElementChild.textContent = `${this.found.label} ${this.found.caption}`;
    }
    this.find(".peak").textContent = peak > 0 ? peak.toFixed(2) : "no evidence";
    const stops = colours().filter((_, i) => i % 17 === 0).map(css);
    this.find(".ramp").style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  }

  read(event) {
    if (!this.cells) {
      return;
    }
    const area = this.canvas.getBoundingClientRect();
    const x = Math.floor(((event.clientX - area.left) / area.width) * this.data.width);
    const y = Math.floor(((event.clientY - area.top) / area.height) * this.data.height);
    if (x < 0 || y < 0 || x >= this.data.width || y >= this.data.height) {
      return;
    }
    const value = valueAt(
      this.cells,
      alongX(this.placed, this.cells, x + 0.5),
      alongY(this.placed, this.cells, y + 0.5),
    );
    const share =
      value > 0 ? `${Math.round((100 * value) / this.evidence.peak)} % of the maximum` : "does not speak for it";
    this.find("figcaption").textContent = `x ${x}, y ${y}: evidence ${value.toFixed(2)}, ${share}`;
  }

  /** The server's own picture, in the photo's full size, its JSON, or its report. */
  async download(format) {
    this.fail("");
    try {
      const chosen = this.found ? { class: String(this.found.index) } : {};
      const answer = await ask(this.photo, { ...this.parameters(), ...chosen, format });
      const link = element("a", "");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = `${this.photo.name.replace(/\.\w+$/, "").replace(/[^\w.-]+/g, "_") || "photo"}-cam.${format}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch (failure) {
      this.fail(failure.message);
    }
  }
}

/* ---- Photos ---- */

class Photo {
  constructor(file) {
    this.file = file;
    this.name = file.name || "pasted.png";
    this.views = new Map();
  }

  /** What the server says; asked once for each question. */
  view(parameters) {
    const question = JSON.stringify(parameters);
    if (!this.views.has(question)) {
      const asked = ask(this, { ...parameters, format: "view" }).then((answer) => answer.json());
      asked.catch(() => this.views.delete(question));
      this.views.set(question, asked);
    }
    return this.views.get(question);
  }
}

/** The photo with the best class's heat, small. */
async function thumbnail(data) {
  const picture = await loaded(data.picture);
  const scale = Math.min(1, 400 / Math.max(picture.naturalWidth, picture.naturalHeight));
  const canvas = element("canvas", "");
  canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  const best = data.classes[0];
  const values = enlarged(data, cellsOf(best.map), canvas.width, canvas.height);
  paint(context, pixels, values, best.peak, colours(), 0.6);
  return canvas;
}

/** The first model's default maps: those of the first pane as it is at the start. */
const usual = () => ({ model: about.models[0].name, method: about.methods[0], layer: "", class: "" });

async function cardOf(photo) {
  const item = element("li", "card");
  try {
    const data = await photo.view(usual());
    const open = element("button", "open");
    open.type = "button";
    const words = element("span", "words");
    words.append(
      element("span", "label", data.classes[0].label),
      element("span", "probability", data.classes[0].caption),
      element("span", "file", photo.name),
    );
    open.append(await thumbnail(data), words);
    open.addEventListener("click", () => {
      show(photo);
      byId("name").focus();
    });
    item.append(open);
  } catch (failure) {
    item.classList.add("failed");
    photo.failed = true;
    item.append(element("span", "label", photo.name), element("p", "", failure.message));
  }
  return item;
}

let adding = Promise.resolve();

/** Explains files one after the other, and shows the first. */
function add(files) {
  const pictures = [...files];
  adding = adding.then(async () => {
    let isFirst = true;
    for (const [i, file] of pictures.entries()) {
      const photo = new Photo(file);
      byId("status").textContent =
        `Explaining ${photo.name}` + (pictures.length > 1 ? ` (${i + 1} of ${pictures.length})` : "") + " ...";
      photo.card = await cardOf(photo);
      photos.unshift(photo);
      photos.splice(MOST_PHOTOS);
      byId("gallery").hidden = false;
      byId("gallery").querySelector("ol").replaceChildren(...photos.map((kept) => kept.card));
      if (!photo.failed && isFirst) {
        isFirst = false;
        show(photo);
      } else {
        mark();
      }
      byId("status").textContent = photo.failed ? `${photo.name}: ${photo.card.lastChild.textContent}` : `Explained ${photo.name}.`;
    }
  });
}

/* ---- The viewer ---- */

let panes = [];
let shown = null;

const explained = () => photos.filter((photo) => !photo.failed);

function mark() {
  photos.forEach((photo) => photo.card.classList.toggle("chosen", photo === shown));
  const place = explained().indexOf(shown);
  const count = explained().length;
  byId("position").textContent = count > 1 && place >= 0 ? `${place + 1} of ${count}` : "";
  byId("previous").disabled = place <= 0;
  byId("next").disabled = place < 0 || place === count - 1;
}

function show(photo) {
  shown = photo;
  byId("name").textContent = photo.name;
  byId("viewer").hidden = false;
  mark();
  panes.forEach((pane) => {
    pane.any = pane.find(".any").value = "";
    pane.wanted = null;
    pane.show(photo);
  });
  chooseApart();
}

function go(by) {
  const next = explained()[explained().indexOf(shown) + by];
  if (next) {
    show(next);
  }
}

/** Beside the best class stands the second, if both panes have one model. */
async function chooseApart() {
  const [left, right] = panes;
  if (right && left.model === right.model) {
    const photo = shown;
    const data = await photo.view(usual()).catch(() => null);
    if (data && shown === photo && data.classes.length > 1 && right.wanted === null) {
      right.wanted = data.classes[1].index;
    }
  }
}

function compare() {
  const isOn = panes.length === 1;
  byId("compare").setAttribute("aria-pressed", String(isOn));
  byId("panes").classList.toggle("two", isOn);
  if (isOn) {
    const pane = new Pane(false);
    panes.push(pane);
    if (about.models.length > 1) {
      pane.find(".model").selectedIndex = 1;
      pane.listLayers();
    }
    chooseApart().then(() => pane.show(shown));
    byId("panes").append(pane.root);
  } else {
    panes.pop().root.remove();
  }
}

function redraw() {
  panes.forEach((pane) => pane.redraw());
}

function key(event) {
  const inField = event.target.matches("input[type=text], input[type=password]");
  if (!shown || inField || event.ctrlKey || event.altKey || event.metaKey) {
    return;
  }
  const across = event.target.matches("[type=range], select");
  const along = event.target.matches("[type=range], [type=radio], select");
  const toggle = (id) => {
    byId(id).checked = !byId(id).checked;
    redraw();
  };
  const step = (by) => {
    const pane = panes[0];
    if (pane.data && pane.choice + by >= 0 && pane.choice + by < pane.data.classes.length) {
      pane.choose(pane.choice + by);
    }
  };
  const action = {
    b: () => toggle("show-box"),
    c: () => toggle("show-contours"),
    v: compare,
    ArrowLeft: across ? null : () => go(-1),
    ArrowRight: across ? null : () => go(1),
    // In a list of classes the arrows belong to it.
    ArrowUp: along ? null : () => step(-1),
    ArrowDown: along ? null : () => step(1),
  }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (action && !(event.target.matches("select") && event.key.length === 1)) {
    event.preventDefault();
    action();
  }
}

/* ---- Start ---- */

function askForToken() {
  byId("login").hidden = false;
  byId("token").focus();
}

function facts() {
  const entries = about.models.flatMap((model) => [
    ["Model", model.name],
    ["Preparation", model.preparation],
    ["Engine", model.engine],
  ]);
  entries.push(["cam4j", about.version]);
  byId("facts").replaceChildren(
    ...entries.flatMap(([name, value]) => [element("dt", "", name), element("dd", "", value)]),
  );
  byId("summary").textContent = about.models
    .map((model) => `${model.name}: ${model.classes.length} classes`)
    .join("; ");
}

async function begin() {
  const answer = await fetch("model", { headers: headers() }).catch(() => null);
  if (!answer || !answer.ok) {
    byId("status").textContent = answer ? await refusal(answer) : "The server does not answer.";
    if (answer && answer.status === 401) {
      askForToken();
    }
    return;
  }
  about = await answer.json();
  byId("login").hidden = true;
  byId("status").textContent = "";
  byId("colormap").replaceChildren(...Object.keys(about.colormaps).map((name) => new Option(name, name)));
  facts();
  panes = [new Pane(true)];
  byId("panes").replaceChildren(panes[0].root);
  byId("choose").disabled = byId("take").disabled = false;
}

function start() {
  takeToken();
  byId("choose").disabled = byId("take").disabled = true;
  byId("login").addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem("cam4j-token", byId("token").value);
    begin();
  });
  for (const [button, input] of [["choose", "files"], ["take", "camera"]]) {
    byId(button).addEventListener("click", () => byId(input).click());
    byId(input).addEventListener("change", (event) => {
      add(event.target.files);
      event.target.value = "";
    });
  }
  // Only where a camera is at hand.
  byId("take").hidden = !matchMedia("(pointer: coarse)").matches;
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    byId("drop").classList.add("over");
  });
  document.addEventListener("dragleave", () => byId("drop").classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    byId("drop").classList.remove("over");
    if (about) {
      add(event.dataTransfer.files);
    }
  });
  document.addEventListener("paste", (event) => {
    if (about && event.clipboardData.files.length) {
      event.preventDefault();
      add(event.clipboardData.files);
    }
  });
  byId("previous").addEventListener("click", () => go(-1));
  byId("next").addEventListener("click", () => go(1));
  byId("compare").addEventListener("click", compare);
  byId("looks").addEventListener("submit", (event) => event.preventDefault());
  for (const id of ["opacity", "colormap", "show-box", "show-contours"]) {
    byId(id).addEventListener(id === "colormap" ? "change" : "input", redraw);
  }
  document.addEventListener("keydown", key);
  begin();
}

start();
