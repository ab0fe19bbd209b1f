#!/usr/bin/env python3
"""Checks demo/catalogue.json and its pictures. Prints every problem; exit 1 if any."""
import json
import re
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

HERE = Path(__file__).resolve().parent
HANDLE = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
SKU = re.compile(r"^[A-Z0-9]+(-[A-Z0-9]+)*$")
FILE = re.compile(r"^[a-z0-9-]+\.svg$")
PRODUCT_KEYS = {"handle", "title", "vendor", "product_type", "categories", "tags", "status",
                "description_html", "images", "options", "variants"}
VARIANT_KEYS = {"sku", "title", "options", "price", "compare_at_price", "on_hand", "grams"}
HTML_TAGS = {"p", "ul", "li", "strong"}
MAX_SVG = 12 * 1024
problems = []


def bad(where, what):
    problems.append(f"{where}: {what}")


def is_int(value, least=0):
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


class Description(HTMLParser):
    """Collects the plain text and complains about tags outside the short list."""

    def __init__(self, where):
        super().__init__()
        self.where, self.open, self.text = where, [], ""

    def handle_starttag(self, tag, attrs):
        if tag not in HTML_TAGS or attrs:
            bad(self.where, f"description: <{tag}> or its attributes are not allowed")
        self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            bad(self.where, f"description: unbalanced </{tag}>")
        if tag in ("p", "li"):
            self.text += "\n"

    def handle_data(self, data):
        self.text += data


def check_description(product, where, sentences):
    parser = Description(where)
    parser.feed(product["description_html"])
    parser.close()
    if parser.open:
        bad(where, f"description: unclosed <{parser.open[-1]}>")
    if len(parser.text.split()) < 15:
        bad(where, "description is too short")
    for line in re.split(r"(?<=[.!?])\s+|\n", parser.text):
        line = line.strip()
        if len(line.split()) < 3:
            continue
        if line.lower() in sentences:
            bad(where, f"sentence already used by {sentences[line.lower()]}: {line!r}")
        sentences[line.lower()] = where


def check_svg(path):
    name = path.name
    data = path.read_bytes()
    if len(data) > MAX_SVG:
        bad(name, f"{len(data)} bytes, more than {MAX_SVG}")
    try:
        root = ET.fromstring(data)
    except ET.ParseError as error:
        bad(name, f"not well-formed XML ({error})")
        return
    if root.get("viewBox") != "0 0 1200 1200":
        bad(name, "viewBox must be 0 0 1200 1200")
    ids = set()
    for node in root.iter():
        tag = node.tag.split("}")[-1]
        if tag in ("script", "image", "text", "style", "foreignObject", "a", "font"):
            bad(name, f"<{tag}> is not allowed")
        for key, value in node.attrib.items():
            if key.lower().startswith("on"):
                bad(name, f"event attribute {key}")
            if key.endswith("href") and not value.startswith("#"):
                bad(name, f"outside reference {value}")
        if node.get("id"):
            if node.get("id") in ids:
                bad(name, f"id {node.get('id')} used twice")
            ids.add(node.get("id"))
    text = data.decode("utf-8")
    for ref in set(re.findall(r"url\(([^)]*)\)", text)) | {
            "#" + r for r in re.findall(r'href="#([^"]+)"', text)}:
        if ref.lstrip("#") not in ids or not ref.startswith("#"):
            bad(name, f"reference {ref} points nowhere")


def check_images(product, where, used):
    if not product["images"]:
        bad(where, "no image")
    for image in product["images"]:
        name, alt = image.get("file", ""), image.get("alt", "")
        if not FILE.match(name):
            bad(where, f"image file name {name!r}")
        elif not (HERE / "media" / name).is_file():
            bad(where, f"media/{name} does not exist")
        if name in used:
            bad(where, f"{name} already shown by {used[name]}")
        used[name] = where
        if len(alt.strip()) < 10:
            bad(where, f"alt text of {name} is missing or too short")


def check_variants(product, where, skus):
    options, variants = product["options"], product["variants"]
    names = [option["name"] for option in options]
    if len(names) > 3 or len(set(names)) != len(names):
        bad(where, "options: at most 3, with different names")
    for option in options:
        if not option["values"] or len(set(option["values"])) != len(option["values"]):
            bad(where, f"option {option['name']}: values missing or repeated")
        for value in option["values"]:
            if not any(v["options"].get(option["name"]) == value for v in variants):
                bad(where, f"option value {option['name']}={value} has no variant")
    if not 1 <= len(variants) <= 12:
        bad(where, f"{len(variants)} variants, expected 1 to 12")
    if not options and (len(variants) != 1 or variants[0]["title"] != "Default"):
        bad(where, 'without options there must be one variant titled "Default"')
    combos = set()
    for variant in variants:
        if set(variant) != VARIANT_KEYS:
            bad(where, f"variant keys {sorted(set(variant) ^ VARIANT_KEYS)} missing or unknown")
            continue
        sku = variant["sku"]
        label = f"{where} {sku}"
        if not SKU.match(sku):
            bad(label, "SKU must be A-Z, 0-9 and single hyphens")
        if sku in skus:
            bad(label, f"SKU already used by {skus[sku]}")
        skus[sku] = where
        if set(variant["options"]) != set(names):
            bad(label, "variant must set every option, and no other")
        for option in options:
            if variant["options"].get(option["name"]) not in option["values"]:
                bad(label, f"value of {option['name']} is not in the option's list")
        combo = tuple(variant["options"].get(name) for name in names)
        if combo in combos:
            bad(label, f"combination {combo} appears twice")
        combos.add(combo)
        if options and variant["title"] != " / ".join(map(str, combo)):
            bad(label, f"title should be {' / '.join(map(str, combo))!r}")
        if not is_int(variant["price"], 1):
            bad(label, "price must be a positive whole number of minor units")
        compare = variant["compare_at_price"]
        if compare is not None and not (is_int(compare) and compare > variant["price"]):
            bad(label, "compare_at_price must be null or above the price")
        if variant["on_hand"] is not None and not is_int(variant["on_hand"]):
            bad(label, "on_hand must be null or a whole number, 0 or more")
        if not is_int(variant["grams"]):
            bad(label, "grams must be a whole number, 0 or more")


def check_whole(products):
    def at_least(what, found, wanted):
        if found < wanted:
            bad("catalogue", f"{what}: {found}, expected at least {wanted}")

    variants = [v for p in products for v in p["variants"]]
    categories = {}
    for product in products:
        first = product["categories"][0]
        categories[first] = categories.get(first, 0) + 1
    at_least("products", len(products), 64)
    at_least("categories", len(categories), 8)
    for name, count in categories.items():
        at_least(f"products in {name}", count, 8)
    at_least("products with options", sum(bool(p["options"]) for p in products), 20)
    at_least("compare_at_price", sum(v["compare_at_price"] is not None for v in variants), 5)
    at_least("out of stock variants", sum(v["on_hand"] == 0 for v in variants), 3)
    at_least("products with stock not tracked",
             sum(any(v["on_hand"] is None for v in p["variants"]) for p in products), 2)
    drops = [p for p in products if "drop" in p["tags"]]
    if len(drops) != 1 or sum(v["on_hand"] or 0 for v in drops[0]["variants"]) != 200:
        bad("catalogue", "there must be one product tagged drop, with exactly 200 units")


def main():
    catalogue = json.loads((HERE / "catalogue.json").read_text(encoding="utf-8"))
    products = catalogue["products"]
    if catalogue.get("currency") != "USD":
        bad("catalogue", "currency must be USD")
    handles, titles, skus, used, sentences = set(), set(), {}, {}, {}
    for index, product in enumerate(products):
        where = product.get("handle") or f"product #{index + 1}"
        if set(product) != PRODUCT_KEYS:
            bad(where, f"keys {sorted(set(product) ^ PRODUCT_KEYS)} missing or unknown")
            continue
        if not HANDLE.match(where):
            bad(where, "handle must be a-z, 0-9 and single hyphens")
        if where in handles:
            bad(where, "handle used twice")
        handles.add(where)
        if product["title"] in titles:
            bad(where, "title used twice")
        titles.add(product["title"])
        for key in ("title", "vendor", "product_type"):
            if not product[key].strip():
                bad(where, f"{key} is empty")
        if not product["categories"] or not product["tags"]:
            bad(where, "needs a category and a tag")
        if len(set(product["tags"])) != len(product["tags"]):
            bad(where, "tag repeated")
        if product["status"] not in ("active", "draft", "archived"):
            bad(where, f"status {product['status']!r}")
        check_description(product, where, sentences)
        check_images(product, where, used)
        check_variants(product, where, skus)
    if not problems:
        check_whole(products)
    pictures = sorted((HERE / "media").glob("*.svg"))
    for path in pictures:
        check_svg(path)
        if path.name not in used:
            bad(path.name, "picture not used by any product")
    if problems:
        print(f"{len(problems)} problem(s):")
        for line in problems:
            print("  -", line)
        return 1
    print(f"ok: {len(products)} products, {len(skus)} variants, {len(pictures)} pictures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
