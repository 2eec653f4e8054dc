"""What makes a PDF/UA-1 paper a PDF/A-2a one as well: what its colours mean, and its claim in the metadata.

WeasyPrint writes one variant or the other. PDF/A reads nothing in the metadata that is not described there, hence the
description of PDF/UA's own entry (ISO 19005-2, 6.6.2.3; ISO 14289-1, 5).
"""

from functools import cache
from importlib.resources import files
from typing import Any

from awards_app.adapters.pdf.settled import compressed_once

_CLAIM = b"""<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" rdf:about="" pdfaid:part="2" pdfaid:conformance="A"/>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""
_END = b"</rdf:RDF>"


def make_archivable(pdf: Any, metadata: Any) -> None:
    """Add the claim of PDF/A-2a to the metadata, and what the colours of the paper are to be shown with."""
    import pydyf

    [packet] = metadata.stream
    if _END not in packet:
        raise ValueError("the metadata has another shape than expected")
    metadata.stream = [packet.replace(_END, _CLAIM, 1)]
    metadata.compress = False  # an archive's metadata are read without any filter
    for picture in (thing for thing in pdf.objects if isinstance(thing, pydyf.Stream)):
        if "Interpolate" in picture.extra:
            picture.extra["Interpolate"] = "false"  # ISO 19005-2, 6.2.8
    profile = compressed_once(_srgb())
    profile.extra["N"] = 3
    pdf.add_object(profile)
    intent = pydyf.Dictionary(
        {
            "Type": "/OutputIntent",
            "S": "/GTS_PDFA1",
            "OutputConditionIdentifier": pydyf.String("sRGB"),
            "Info": pydyf.String("sRGB IEC61966-2.1"),
            "DestOutputProfile": profile.reference,
        }
    )
    pdf.catalog["OutputIntents"] = pydyf.Array([intent])


@cache
def _srgb() -> bytes:
    return (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
