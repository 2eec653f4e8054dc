"""What axe-core says of a page; the library is kept beside the tests, with its hash."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
GRAVE = ("serious", "critical")


@lru_cache(maxsize=1)
def axe() -> str:
    """Return the library's text. Raises ValueError when it is not the one that was kept."""
    content = AXE.read_bytes()
    if hashlib.sha256(content).hexdigest() != AXE_SHA256:
        raise ValueError(f"{AXE.name} is not the version that was kept")
    return content.decode()


def problems_of_page(page: Any) -> list[str]:
    """Return the serious and critical findings on the page as it is shown now."""
    page.evaluate(axe())
    result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}"
        for one in result["violations"]
        if one["impact"] in GRAVE
    ]


def look_closely(page: Any) -> list[str]:
    """Return every finding at both widths in both themes, whatever its weight, on a page whose folds are open.

    A dark theme changes colours alone: there, contrast is asked and nothing else. Then what axe does not ask: at 320
    pixels nothing is wider than the page (WCAG 1.4.10), and each field has an edge of 3 to 1 (WCAG 1.4.11).
    """
    page.evaluate(axe())
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            rules = {} if theme == "light" else {"runOnly": ["color-contrast"]}
            result = page.evaluate(
                "rules => axe.run(document, {...rules, resultTypes: ['violations']})", rules
            )
            found += [
                f"{theme} {width}: {one['id']} ({one['impact']}): {node['html'][:160]}"
                for one in result["violations"]
                for node in one["nodes"][:3]
            ]
        found += [f"{theme}: {one}" for one in page.evaluate(EDGES)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 900})
    return found + [f"320: wider than the page: {one}" for one in page.evaluate(TOO_WIDE)]


# A field is known by its border, or by its ground where it has no border: either stands out from what lies around it.
EDGES = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = colour => {
    const [red, green, blue] = rgba(colour).slice(0, 3).map(part => {
      part /= 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((first, second) => first - second);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = element => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (rgba(colour)[3] === 255) return colour;
    }
    return 'white';
  };
  const kinds = 'input:not([type=hidden],[type=radio],[type=checkbox],[type=file],[type=submit],[type=range]), select, textarea';
  return [...document.querySelectorAll(kinds)].filter(one => !one.disabled && one.checkVisibility()
      && one.getBoundingClientRect().width > 2).flatMap(one => {
    const style = getComputedStyle(one), around = ground(one.parentElement);
    const edged = parseFloat(style.borderBottomWidth) > 0 && rgba(style.borderBottomColor)[3] > 0;
    const best = ratio(edged ? style.borderBottomColor : style.backgroundColor, around);
    return best >= 3 ? [] : [`edge of ${one.name || one.id} is ${best.toFixed(2)} to 1`];
  });
}"""

TOO_WIDE = """() => {
  if (document.documentElement.scrollWidth <= 320) return [];
  const wide = [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > 321);
  return wide.slice(0, 2).map(one => one.outerHTML.slice(0, 120)).concat(
    [`${document.documentElement.scrollWidth} pixels`]);
}"""
