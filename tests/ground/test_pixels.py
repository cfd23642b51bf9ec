"""Which files are taken as pictures, and that nothing of what was sent is kept."""

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageCms

from articles import pixels
from tests import files

HOSTILE = {
    "empty": (b"", "empty"),
    "one byte": (b"\xff", "no picture"),
    "svg": (files.SVG, "no picture"),
    "html": (files.HTML, "no picture"),
    "heic": (files.HEIC, "HEIC"),
    "pdf": (b"%PDF-1.7\n" + files.SCRIPT, "no picture"),
    "bomb": (files.png_bomb(), "too many pixels"),
    "178 million": (files.png_that_says(13_342, 13_342), "too many pixels"),
    "60 million": (files.png_that_says(7_746, 7_746), "too many pixels"),
    "13 million": (files.png_that_says(3_606, 3_606), "too many pixels"),
    "a giant": (files.png_that_says(2**31 - 1, 2**31 - 1), "picture"),
    "no pixels": (files.png_that_says(1200, 800), "damaged"),
    "gif": (files.animation("GIF"), "no picture"),
    "apng": (files.animation("PNG"), "animation"),
    "animated webp": (files.animation("WEBP"), "animation"),
    "animated avif": (files.animation("AVIF", speed=10), "animation"),
    "truncated": (files.photo()[:9_000], "damaged"),
    "truncated png": (files.encoded(files.noise(), "PNG")[:9_000], "damaged"),
    "small": (files.photo(400, 300), "400 × 300"),
    "a thread": (files.photo(1200, 90), "1200 × 90"),
    "scans": (files.jpeg_of_many_scans(), "oddly"),
    "heavy": (files.photo() + b"\0" * pixels.MOST_BYTES, "26 MB"),
    "text as jpeg": (b"\xff\xd8\xff\xe0" + files.SCRIPT * 40, "picture"),
}


def opened(master):
    return Image.open(BytesIO(master.content))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_will_not_do_is_refused_with_what_to_send_instead(name):
    content, sentence = HOSTILE[name]
    with pytest.raises(ValidationError, match=sentence) as refused:
        pixels.read(content)
    assert refused.value.messages[0].endswith(".")


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_each_format_is_taken_and_kept_as_another_file(format_):
    sent = files.encoded(files.noise(), format_)
    master = pixels.read(sent)
    assert (master.format, master.width, master.height) == ("jpeg", 1200, 800)
    assert opened(master).format == "JPEG"
    assert master.content != sent


def test_a_script_behind_a_picture_is_in_no_stored_byte():
    master = pixels.read(files.photo(comment=files.SCRIPT) + files.HTML)
    assert b"<script" not in master.content


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_place_camera_and_number_are_in_no_stored_byte(format_):
    record = files.exif(Artist="Lena Voss")
    sent = files.encoded(files.noise(), format_, exif=record)
    assert files.SECRET in sent
    master = pixels.read(sent)
    stored = [master.content, *made(master).values()]
    assert master.said.credit == "Lena Voss"
    for content in stored:
        assert files.SECRET not in content
        assert not Image.open(BytesIO(content)).getexif()
        assert set(Image.open(BytesIO(content)).info) & {"exif", "xmp", "icc_profile"} == set()


def made(master, focal=(50, 50)):
    wanted = pixels.sizes(master.width, master.height)
    return dict(pixels.renditions(master.content, wanted, focal))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_however_the_camera_was_held(orientation):
    """A red corner is top left once it is shown, and the sides are the right way round."""
    shown = Image.new("RGB", (900, 600), "blue")
    shown.paste((255, 0, 0), (0, 0, 300, 200))
    turn = {
        2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE",
        6: "ROTATE_90", 7: "TRANSVERSE", 8: "ROTATE_270",
    }  # fmt: skip
    sent = shown
    if orientation > 1:
        sent = shown.transpose(Image.Transpose[turn[orientation]])
    master = pixels.read(files.encoded(sent, exif=files.exif(orientation), quality=95))
    assert (master.width, master.height) == (900, 600)
    kept = opened(master).convert("RGB")
    assert kept.getpixel((60, 60))[0] > 200
    assert kept.getpixel((840, 540))[2] > 200


@pytest.mark.parametrize(
    ("mode", "format_", "colour", "shown"),
    [
        ("I;16", "PNG", 0x8000, (128, 128, 128)),
        ("L", "JPEG", 90, (90, 90, 90)),
        ("LA", "PNG", (0, 0), (255, 255, 255)),
        ("1", "PNG", 1, (255, 255, 255)),
        ("RGBA", "PNG", (0, 0, 0, 0), (255, 255, 255)),
        ("RGBA", "WEBP", (255, 0, 0, 255), (255, 0, 0)),
        ("CMYK", "JPEG", (0, 255, 255, 0), (255, 0, 0)),
    ],
)
def test_every_kind_of_pixel_becomes_plain_colour_on_white(mode, format_, colour, shown):
    picture = Image.new(mode, (800, 600), colour)
    kept = opened(pixels.read(files.encoded(picture, format_))).convert("RGB")
    assert all(abs(a - b) < 6 for a, b in zip(kept.getpixel((400, 300)), shown, strict=True))


def test_a_palette_with_a_clear_colour_stands_on_white():
    picture = Image.new("P", (800, 600), 0)
    picture.putpalette([0, 0, 0, 200, 30, 30])
    picture.paste(1, (0, 0, 400, 600))
    kept = opened(pixels.read(files.encoded(picture, "PNG", transparency=0))).convert("RGB")
    assert kept.getpixel((600, 300)) == (255, 255, 255)
    assert kept.getpixel((200, 300)) == (200, 30, 30)


def test_colours_of_another_profile_are_shown_as_they_were_meant():
    """In a profile whose red and blue are exchanged, what is called red is blue."""
    meant = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    picture = Image.new("RGB", (800, 600), (200, 40, 40))
    broken = files.encoded(picture, icc_profile=meant)
    assert opened(pixels.read(broken)).convert("RGB").getpixel((9, 9))[0] > 190
    wide = files.encoded(picture, icc_profile=_profile_with_swapped_channels())
    red, _green, blue = opened(pixels.read(wide)).convert("RGB").getpixel((9, 9))
    assert blue > red


def _profile_with_swapped_channels():
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    renamed = plain.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
    at, to = renamed.index(b"rXYZ"), renamed.index(b"bXYZ")
    places = renamed[at + 4 : at + 8], renamed[to + 4 : to + 8]
    swapped = bytearray(renamed)
    swapped[at + 4 : at + 8], swapped[to + 4 : to + 8] = places[1], places[0]
    return bytes(swapped)


def test_a_drawing_is_kept_without_loss_and_a_photograph_as_jpeg():
    drawing = Image.new("RGB", (900, 600), "white")
    drawing.paste((10, 120, 60), (100, 100, 500, 400))
    master = pixels.read(files.encoded(drawing, "PNG"))
    assert master.format == "webp"
    assert opened(master).convert("RGB").tobytes() == drawing.tobytes()
    grey = files.noise().convert("L")
    assert pixels.read(files.encoded(grey, "PNG")).format == "jpeg"


def test_what_is_kept_is_no_larger_than_a_page_needs():
    master = pixels.read(files.encoded(Image.new("L", (7000, 7000), 90), quality=60))
    assert (master.width, master.height) == (pixels.LONGEST_EDGE, pixels.LONGEST_EDGE)


def test_the_second_picture_in_a_phones_file_is_dropped():
    two = files.encoded(files.noise(), "MPO", save_all=True, append_images=[files.noise()])
    assert opened(pixels.read(two)).format == "JPEG"


def test_iptc_comes_before_exif_and_what_is_no_text_says_nothing():
    segment = files.iptc(
        caption="Schleuse bei Flut – „hoch“".encode(), credit=b"The Meridian", byline=b"Lena Voss",
        created=b"20260617", city=files.SECRET,
    )  # fmt: skip
    jpeg = files.photo(exif=files.exif(Artist="Nobody", ImageDescription="Other"))
    said = pixels.read(files.with_segment(jpeg, segment)).said
    assert said.caption == "Schleuse bei Flut – „hoch“"
    assert said.credit == "Lena Voss / The Meridian"
    assert said.day == date(2026, 6, 17)
    for odd in (b"\x01\x02\x03", b"\xff\xfe" * 30_000, b" " * 40, b"a" * 65_000):
        odd_file = files.with_segment(
            files.photo(), files.iptc(caption=odd[:65_000], created=odd[:8])
        )
        odd_said = pixels.read(odd_file).said
        assert len(odd_said.caption) <= 500
        assert odd_said.day is None


def test_xmp_is_read_as_attributes_and_as_elements():
    packet = b"""<x:xmpmeta><rdf:RDF><rdf:Description photoshop:Credit="The Meridian &amp; Co"
      photoshop:DateCreated="2026-06-16T10:00:00"><dc:creator><rdf:Seq><rdf:li>Lena Voss</rdf:li>
      </rdf:Seq></dc:creator><dc:description><rdf:Alt><rdf:li xml:lang="x-default">A lock &lt;at
      high water&gt;</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"""
    said = pixels.read(files.photo(xmp=packet)).said
    assert said.caption == "A lock <at high water>"
    assert said.credit == "Lena Voss / The Meridian & Co"
    assert said.day == date(2026, 6, 16)


def test_no_rendition_is_blown_up_and_each_has_the_shape_of_its_crop():
    master = pixels.read(files.photo(700, 1000))
    for size, content in made(master).items():
        picture = Image.open(BytesIO(content))
        assert picture.size == (size.width, size.height)
        assert picture.format == {"avif": "AVIF", "webp": "WEBP", "jpeg": "JPEG"}[size.format]
        assert size.width <= 700
        across, down = pixels.RATIOS.get(size.crop, (700, 1000))
        assert abs(size.width / size.height - across / down) < 0.01


def test_a_crop_keeps_the_focal_point_in_view_and_stays_within_the_picture():
    for width, height in ((1600, 900), (900, 1600), (600, 300)):
        for focal in ((0, 0), (50, 50), (100, 100), (45, 62)):
            for crop in pixels.RATIOS:
                left, top, right, bottom = pixels.box(crop, width, height, focal)
                assert 0 <= left <= width * focal[0] / 100 <= right <= width
                assert 0 <= top <= height * focal[1] / 100 <= bottom <= height


def test_the_crop_shows_what_lies_at_the_focal_point():
    picture = Image.new("RGB", (1600, 800), "white")
    picture.paste((255, 0, 0), (1400, 0, 1600, 800))
    master = pixels.read(files.encoded(picture, "PNG"))
    at_right = made(master, (98, 50))
    square = next(content for size, content in at_right.items() if size.crop == pixels.SQUARE)
    right = Image.open(BytesIO(square)).convert("RGB")
    assert right.getpixel((right.width - 20, 300))[1] < 60
    assert right.getpixel((20, 300))[1] > 200


def test_the_smallest_rendition_is_one_that_every_browser_shows():
    assert pixels.smallest(1200, 800) == pixels.Size("full", "jpeg", 320, 213)
    assert pixels.smallest(300, 900).width == 300
