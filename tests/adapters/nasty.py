"""Files made in code that no honest person sends: bombs, polyglots, active PDFs, pictures that tell where they were taken."""

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image

# Put together at run time, so that no scanner of source code is startled.
EICAR = ("X5O!P%@AP[4" + "\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*").encode()


def a_pdf(pages: int = 1, words: str = "pièce") -> bytes:
    """Return an honest PDF."""
    document = pikepdf.new()
    for number in range(pages):
        document.add_blank_page(page_size=(595, 842))
        document.pages[-1].Contents = document.make_stream(
            f"% {words}\n0.1 0.4 0.3 rg 60 {700 - number % 500} 300 40 re f".encode()
        )
    return _saved(document)


def _saved(document: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def raw_pdf(stream: bytes, filters: bytes, box: bytes = b"0 0 612 792") -> bytes:
    """Return a PDF of one page whose content is ``stream`` as it stands."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [" + box + b"] /Contents 4 0 R >>",
        b"<< /Length %d /Filter %s >>\nstream\n%s\nendstream" % (len(stream), filters, stream),
    ]
    out, places = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table)


def a_stream_bomb(gibibytes: int = 1) -> bytes:
    """Return a PDF of a megabyte whose page inflates to ``gibibytes`` GiB of white space."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(1024 * gibibytes)) + packer.flush()
    return raw_pdf(packed, b"/FlateDecode")


def an_active_pdf() -> bytes:
    """Return a PDF with JavaScript, an opening action, Launch and URI actions, an embedded file and XFA."""
    document = pikepdf.new()
    document.add_blank_page()
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('CANARI-SCRIPT')")
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="CANARI-LAUNCH.exe")
    link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="http://mal.example/CANARI-URI")
    document.Root.OpenAction = script
    document.Root.AA = pikepdf.Dictionary(WC=launch)
    document.Root.AcroForm = pikepdf.Dictionary(
        Fields=pikepdf.Array(), XFA=document.make_stream(b"<xdp>CANARI-XFA</xdp>")
    )
    document.pages[0].Annots = document.make_indirect(
        pikepdf.Array(
            [
                document.make_indirect(
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot,
                        Subtype=pikepdf.Name.Link,
                        Rect=pikepdf.Array([0, 0, 9, 9]),
                        A=action,
                    )
                )
                for action in (script, launch, link)
            ]
        )
    )
    document.attachments["CANARI-EMBEDDED.exe"] = b"MZ CANARI-EMBEDDED"
    document.docinfo["/Author"] = "CANARI-AUTEUR"
    return _saved(document)


def an_encrypted_pdf(password: str = "secret") -> bytes:
    """Return a PDF that a password opens."""
    document = pikepdf.new()
    document.add_blank_page()
    return _saved(document, encryption=pikepdf.Encryption(owner="owner", user=password))


def a_looping_pdf() -> bytes:
    """Return a PDF whose page tree is its own child, at a depth."""
    document = pikepdf.open(io.BytesIO(a_pdf()))
    pages = document.Root.Pages
    pages.Kids = pikepdf.Array([pages, *pages.Kids])
    return _saved(document)


def a_deep_pdf(depth: int = 20_000) -> bytes:
    """Return a PDF with an array as deep as ``depth``."""
    return a_pdf().replace(
        b"/Type /Catalog", b"/Type /Catalog /Deep " + b"[" * depth + b"]" * depth + b" ", 1
    )


def a_png_header(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that declares ``width`` by ``height`` pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack("!L", len(data)) + name + data + struct.pack("!L", zlib.crc32(name + data))

    header = struct.pack("!LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def a_picture(size: tuple[int, int] = (320, 240), kind: str = "JPEG", colour: str = "red") -> bytes:
    """Return an honest picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def a_telling_photo() -> bytes:
    """Return a photograph taken sideways, with its place, its author, its maker's notes and its small picture."""
    image = Image.new("RGB", (640, 480), "navy")
    image.paste("red", (0, 0, 320, 240))
    exif = image.getexif()
    exif[0x0112] = 6
    exif[0x013B] = "CANARI-AUTEUR"
    exif[0x010F] = "CANARI-FABRICANT"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (48.0, 6.0, 0.0)
    place[29] = "CANARI-GPS"
    exif.get_ifd(0x8769)[0x927C] = b"CANARI-NOTES"
    out = io.BytesIO()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>CANARI-XMP</x:xmpmeta>"
    image.save(out, "JPEG", exif=exif, xmp=xmp, comment=b"CANARI-COMMENTAIRE")
    return out.getvalue()


def a_zip(**members: bytes) -> bytes:
    """Return a zip archive of ``members``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def an_office_file(*, macros: bool = False) -> bytes:
    """Return a word-processing file whose text names a remote template and an external entity."""
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><w:document>&f;</w:document>'
    members = {
        "[Content_Types].xml": b"<Types/>",
        "word__document.xml": entity,
        "word___rels__settings.xml.rels": b'<Relationship Target="http://127.0.0.1:9/t.dotm" TargetMode="External"/>',
    }
    if macros:
        members["word__vbaProject.bin"] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 CANARI-MACRO"
    return a_zip(**members)
