"use strict";

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

/** A map's cells, row by row: its floats are in base64, lowest byte first, as every browser's machine has them. */
function cellsOf({ values, width, height }) {
  const bytes = Uint8Array.from(atob(values), (byte) => byte.charCodeAt(0));
  return { values: new Float32Array(bytes.buffer), width, height };
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
