"""Writes the pictures that PhotoReaderTest reads, and what Pillow reads from each.

Needs Pillow 13 with WebP and libtiff, and numpy 1.26. Run without arguments; writes to ../resources/photos beside this file.
For every picture NAME.EXT there is a NAME.EXT.rgb: width and height as big-endian 32-bit integers, then the upright picture
as Pillow converts it to RGB, one byte a sample, row by row. Two differ from Pillow on purpose: 16-bit grey is shifted to 8 bits
(Pillow clips it at 255), and pictures that hold an EXIF orientation are turned by it.
"""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

OUT = Path(__file__).parent.parent / "resources" / "photos"
W, H = 23, 17


def colour():
    """A smooth picture without symmetry, so that lossy formats stay close and a wrong turn shows."""
    y, x = np.mgrid[0:H, 0:W].astype(np.float64)
    red = 255 * x / (W - 1)
    green = 255 * y / (H - 1)
    blue = 127.5 + 110 * np.sin((x + 2 * y) / 9)
    return np.rint(np.stack([red, green, blue], axis=-1)).astype(np.uint8)


RGB = colour()
GREY = np.rint(RGB.astype(np.float64) @ [0.3, 0.5, 0.2]).astype(np.uint8)
ALPHA = np.rint(np.linspace(0, 255, W * H).reshape(H, W)).astype(np.uint8)


def expect(name, pixels):
    height, width, _ = pixels.shape
    (OUT / f"{name}.rgb").write_bytes(struct.pack(">ii", width, height) + pixels.astype(np.uint8).tobytes())


def keep(name, encoded, expected=None):
    """Stores a picture and what Pillow makes of it."""
    (OUT / name).write_bytes(encoded)
    if expected is None:
        image = Image.open(io.BytesIO(encoded))
        image.load()
        expected = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    expect(name, expected)


def save(name, image, expected=None, **options):
    buffer = io.BytesIO()
    image.save(buffer, format={"jpg": "JPEG", "tif": "TIFF"}.get(name[-3:], name.split(".")[-1].upper()), **options)
    keep(name, buffer.getvalue(), expected)
    return buffer.getvalue()


def png(colour_type, bits, rows, *chunks):
    """A PNG that Pillow cannot write itself; rows are bytes, already packed."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, bits, colour_type, 0, 0, 0))
    extra = b"".join(chunk(kind, body) for kind, body in chunks)
    pixels = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9))
    return b"\x89PNG\r\n\x1a\n" + header + extra + pixels + chunk(b"IEND", b"")


def packed(samples, bits):
    """Samples of a row packed into bytes, most significant bits first."""
    text = "".join(format(int(sample), f"0{bits}b") for sample in samples)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))


def swapped_profile():
    """sRGB with its red and green primaries exchanged: whoever applies it is found out."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"????", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"????", b"gXYZ", 1)


def jpegs(rgb, profile):
    save("colour444.jpg", rgb, quality=92, subsampling=0)
    save("colour420.jpg", rgb, quality=92, subsampling=2)
    save("progressive.jpg", rgb, quality=92, progressive=True)
    save("rgb.jpg", rgb, quality=92, keep_rgb=True)
    save("grey.jpg", Image.fromarray(GREY), quality=92)
    save("profile.jpg", rgb, quality=92, subsampling=0, icc_profile=profile)
    cmyk = save("cmyk.jpg", rgb.convert("CMYK"), quality=92)
    inks = np.dstack([RGB, 255 - GREY // 2])
    save("cmyk-black.jpg", Image.fromarray(inks, mode="CMYK"), quality=92)
    save("cmyk-profile.jpg", Image.fromarray(inks, mode="CMYK"), quality=92, icc_profile=profile)
    ycck = np.dstack([np.asarray(rgb.convert("YCbCr")), 255 - GREY // 2])
    buffer = io.BytesIO()
    Image.fromarray(ycck, mode="CMYK").save(buffer, format="JPEG", quality=92)
    at = buffer.getvalue().index(b"Adobe") + 11
    keep("ycck.jpg", buffer.getvalue()[:at] + b"\x02" + buffer.getvalue()[at + 1 :])
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        save(f"orientation{orientation}.jpg", rgb, quality=80, subsampling=0, exif=exif)
    damaged = save("damaged-exif.jpg", rgb, quality=92, subsampling=0, exif=b"Exif\0\0MM\0*\x00\xff\xff\xff\x00\x01\x02")
    assert damaged.index(b"Exif") and cmyk.index(b"Adobe")


def pngs(rgb, profile):
    save("colour.png", rgb)
    save("alpha.png", Image.fromarray(np.dstack([RGB, ALPHA])))
    save("grey.png", Image.fromarray(GREY))
    save("grey-alpha.png", Image.fromarray(np.dstack([GREY, ALPHA]), mode="LA"))
    save("bilevel.png", Image.fromarray(GREY > 127))
    palette = rgb.quantize(16)
    save("palette.png", palette)
    save("palette-alpha.png", palette, transparency=bytes(range(0, 256, 16)))
    save("profile.png", rgb, icc_profile=profile)
    exif = Image.Exif()
    exif[0x0112] = 6
    save("orientation6.png", rgb, exif=exif)
    for bits in (2, 4):
        rows = GREY >> (8 - bits)
        keep(f"grey{bits}.png", png(0, bits, [packed(row, bits) for row in rows]))
    wide = GREY.astype(np.uint16) * 256 + ALPHA
    keep("grey16.png", png(0, 16, [row.astype(">u2").tobytes() for row in wide]), np.dstack([wide >> 8] * 3))
    wide = RGB.astype(np.uint16) * 256 + 200
    keep("colour16.png", png(2, 16, [row.astype(">u2").tobytes() for row in wide]))
    key = struct.pack(">HHH", *(int(v) for v in RGB[3, 5]))
    keep("colour-key.png", png(2, 8, [row.tobytes() for row in RGB], (b"tRNS", key)))
    key = struct.pack(">H", int(GREY[3, 5]))
    keep("grey-key.png", png(0, 8, [row.tobytes() for row in GREY], (b"tRNS", key)))
    gamma = struct.pack(">I", 100000)
    keep("gamma.png", png(2, 8, [row.tobytes() for row in RGB], (b"gAMA", gamma)))


def noise(height, width):
    """Patches of any colour: chroma changes as sharply as luma, blocks of all kinds of prediction."""
    random = np.random.default_rng(16)
    return Image.fromarray(np.kron(random.integers(0, 256, (height // 3 + 1, width // 3 + 1, 3)), np.ones((3, 3, 1)))[
        :height, :width
    ].astype(np.uint8))


def animation(encoded, width, height, x, y):
    """A WebP animation of one frame, the picture of a simple file, on a larger canvas."""

    def chunk(name, body):
        return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    def three(*numbers):
        return b"".join(struct.pack("<I", number)[:3] for number in numbers)

    frame = three(x // 2, y // 2, W - 1, H - 1, 100) + b"\0" + encoded[12:]
    chunks = (
        b"WEBP"
        + chunk(b"VP8X", b"\x02\0\0\0" + three(width - 1, height - 1))
        + chunk(b"ANIM", b"\xff\0\0\xff\0\0")
        + chunk(b"ANMF", frame)
    )
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def webps(rgb, profile):
    lossy = save("lossy.webp", rgb, quality=90)
    save("lossy-noise.webp", noise(50, 61), quality=60)
    save("lossy-rough.webp", noise(48, 40), quality=3, method=6)
    save("lossy-fine.webp", noise(33, 64), quality=100, method=0)
    save("lossy-column.webp", noise(40, 1), quality=75)
    save("lossy-row.webp", noise(1, 40), quality=75)
    save("lossless.webp", rgb, lossless=True)
    save("lossless-alpha.webp", Image.fromarray(np.dstack([RGB, ALPHA])), lossless=True, exact=True)
    save("lossy-alpha.webp", Image.fromarray(np.dstack([RGB, ALPHA])), quality=90)
    save("profile.webp", rgb, lossless=True, icc_profile=profile)
    exif = Image.Exif()
    exif[0x0112] = 6
    save("orientation6.webp", rgb, lossless=True, exif=exif)
    save("animated.webp", rgb, lossless=True, save_all=True, append_images=[rgb.rotate(180)], duration=100)
    save("animated-lossy.webp", rgb, quality=80, save_all=True, append_images=[rgb.rotate(180)], duration=100)
    keep("offset.webp", animation(lossy, 30, 24, 6, 4))


def gifs(rgb):
    save("palette.gif", rgb.quantize(32))
    save("transparent.gif", rgb.quantize(32), transparency=3)
    turned = rgb.rotate(180).quantize(32)
    save("animated.gif", rgb.quantize(32), save_all=True, append_images=[turned], duration=100, loop=0)
    save("grey.gif", Image.fromarray(GREY))
    for name, options in (("offset.gif", {}), ("offset-transparent.gif", {"transparency": 3})):
        buffer = io.BytesIO()
        rgb.quantize(32).save(buffer, format="GIF", **options)
        keep(name, on_canvas(buffer.getvalue(), W + 9, H + 6, 5, 4))


def on_canvas(gif, width, height, x, y):
    """The same GIF with its frame on a larger canvas."""
    descriptor = gif.index(b"\x2c" + struct.pack("<HHHH", 0, 0, W, H))
    return (
        gif[:6]
        + struct.pack("<HH", width, height)
        + gif[10 : descriptor + 1]
        + struct.pack("<HH", x, y)
        + gif[descriptor + 5 :]
    )


def bmps(rgb):
    save("colour.bmp", rgb)
    save("alpha.bmp", Image.fromarray(np.dstack([RGB, ALPHA])))
    save("grey.bmp", Image.fromarray(GREY))
    save("palette.bmp", rgb.quantize(32))
    save("bilevel.bmp", Image.fromarray(GREY > 127))


def tiffs(rgb, profile):
    save("colour.tif", rgb)
    save("lzw.tif", rgb, compression="tiff_lzw")
    save("deflate.tif", rgb, compression="tiff_adobe_deflate")
    save("packbits.tif", rgb, compression="packbits")
    save("jpeg.tif", rgb, compression="jpeg", quality=95)
    save("alpha.tif", Image.fromarray(np.dstack([RGB, ALPHA])))
    scaled = (RGB * (ALPHA[..., None] / 255)).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(np.dstack([scaled, ALPHA])).save(buffer, format="TIFF")
    extra = struct.pack("<HHIH", 338, 3, 1, 2)
    assert buffer.getvalue().count(extra) == 1
    keep("premultiplied.tif", buffer.getvalue().replace(extra, extra[:-2] + b"\x01\0"))
    save("grey.tif", Image.fromarray(GREY))
    save("palette.tif", rgb.quantize(32))
    save("bilevel.tif", Image.fromarray(GREY > 127), compression="group4")
    save("cmyk.tif", Image.fromarray(np.dstack([RGB, 255 - GREY // 2]), mode="CMYK"))
    save("profile.tif", rgb, icc_profile=profile)
    wide = GREY.astype(np.uint16) * 256 + ALPHA
    save("grey16.tif", Image.fromarray(wide), expected=np.dstack([wide >> 8] * 3))
    save("orientation6.tif", rgb, tiffinfo={0x0112: 6})
    save("pages.tif", rgb, save_all=True, append_images=[rgb.rotate(180)])


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    (OUT / ".gitattributes").write_text("* binary\n.gitattributes text\n")
    rgb, profile = Image.fromarray(RGB), swapped_profile()
    jpegs(rgb, profile)
    pngs(rgb, profile)
    webps(rgb, profile)
    gifs(rgb)
    bmps(rgb)
    tiffs(rgb, profile)
    buffer = io.BytesIO()
    Image.fromarray(GREY.astype(np.float32)).save(buffer, format="TIFF")
    (OUT / "float.tif").write_bytes(buffer.getvalue())
    buffer = io.BytesIO()
    Image.fromarray(RGB).convert("LAB").save(buffer, format="TIFF")
    (OUT / "lab.tif").write_bytes(buffer.getvalue())
    buffer = io.BytesIO()
    Image.fromarray(GREY.astype(np.int32)).save(buffer, format="TIFF")
    (OUT / "integers.tif").write_bytes(buffer.getvalue())
    buffer = io.BytesIO()
    rgb.save(buffer, format="TIFF", compression="zstd")
    (OUT / "zstd.tif").write_bytes(buffer.getvalue())


main()
