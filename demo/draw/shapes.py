"""The drawing board: backdrops, gradients, shaded solids and common small things."""
import math
import random
from contextlib import contextmanager

from .palette import BACKDROPS, dark, light, mix

PICTURES = {}


def pic(name, category, tone=0, scene="arch"):
    """Registers a drawing under its file name (without .svg)."""
    def register(function):
        PICTURES[name] = (function, category, tone, scene)
        return function
    return register


def render(name):
    function, category, tone, scene = PICTURES[name]
    art = Art(name, BACKDROPS[category][tone])
    getattr(art, "scene_" + scene)()
    function(art)
    return art.svg()


def n(value):
    return f"{round(value, 1):g}" if isinstance(value, (int, float)) else value


def pts(points):
    return " ".join(f"{n(x)},{n(y)}" for x, y in points)


def bezier(points, closed=False):
    """Cubic segments of a smooth curve through the points."""
    count = len(points)
    for i in range(count if closed else count - 1):
        def at(j):
            return points[j % count] if closed else points[max(0, min(count - 1, j))]
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = at(i - 1), at(i), at(i + 1), at(i + 2)
        yield ((x1 + (x2 - x0) / 6, y1 + (y2 - y0) / 6),
               (x2 - (x3 - x1) / 6, y2 - (y3 - y1) / 6), (x2, y2))


def crv(points, closed=False):
    """Path data of a smooth curve through the points."""
    d = f"M{n(points[0][0])} {n(points[0][1])}C"
    d += " ".join(pts(segment) for segment in bezier(points, closed))
    return d + ("Z" if closed else "")


def poly(points):
    return "M" + " ".join(f"{n(x)} {n(y)}" for x, y in points) + "Z"


def rrect(x, y, w, h, r):
    return (f"M{n(x + r)} {n(y)}h{n(w - 2 * r)}q{n(r)} 0 {n(r)} {n(r)}v{n(h - 2 * r)}"
            f"q0 {n(r)} {n(-r)} {n(r)}h{n(2 * r - w)}q{n(-r)} 0 {n(-r)} {n(-r)}"
            f"v{n(2 * r - h)}q0 {n(-r)} {n(r)} {n(-r)}Z")


def oval(cx, cy, rx, ry=None):
    ry = rx if ry is None else ry
    return (f"M{n(cx - rx)} {n(cy)}a{n(rx)} {n(ry)} 0 1 0 {n(2 * rx)} 0"
            f"a{n(rx)} {n(ry)} 0 1 0 {n(-2 * rx)} 0Z")


def leaf(x, y, length, width, angle):
    """A pointed leaf growing from x, y; angle in degrees, 0 is to the right."""
    a = math.radians(angle)
    c, s = math.cos(a), math.sin(a)

    def at(u, v):
        return f"{n(x + u * c - v * s)} {n(y + u * s + v * c)}"
    h = width / 2
    return (f"M{at(0, 0)}C{at(length * .25, -h * 1.25)} {at(length * .7, -h)} {at(length, 0)}"
            f"C{at(length * .7, h)} {at(length * .25, h * 1.25)} {at(0, 0)}Z")


def star(cx, cy, outer, inner, points=8, turn=-90):
    step = 180 / points
    return poly([(cx + math.cos(math.radians(turn + i * step)) * (inner if i % 2 else outer),
                  cy + math.sin(math.radians(turn + i * step)) * (inner if i % 2 else outer))
                 for i in range(points * 2)])


def lathe(cx, profile, k=0.14, top="back"):
    """Outline of a turned body. profile: (y, r) from top to bottom, a third item marks a corner.
    k is how much the ellipses open; top is "back", "front" or "flat"."""
    runs, run = [], []
    for i, point in enumerate(profile):
        run.append((point[1], point[0]))
        if len(point) > 2 and 0 < i < len(profile) - 1:
            runs.append(run)
            run = [run[-1]]
    runs.append(run)
    (rt, yt), (rb, yb) = runs[0][0], runs[-1][-1]
    d = f"M{n(cx - rt)} {n(yt)}C"
    for run in runs:
        d += " ".join(pts((cx - r, y) for r, y in seg) for seg in bezier(run)) + " "
    d += f"A{n(rb)} {n(rb * k)} 0 0 0 {n(cx + rb)} {n(yb)}C"
    for run in reversed(runs):
        d += " ".join(pts((cx + r, y) for r, y in seg) for seg in bezier(run[::-1])) + " "
    if top == "flat":
        return d + "Z"
    return d + f"A{n(rt)} {n(rt * k)} 0 0 {0 if top == 'back' else 1} {n(cx - rt)} {n(yt)}Z"


class Art:
    def __init__(self, name, backdrop):
        self.wall, self.wall2, self.floor, self.floor2, self.accent, self.ink = backdrop
        self.random = random.Random(name)
        self.defs, self.out, self.known = [], [], {}

    # -- plumbing ---------------------------------------------------------
    def svg(self):
        defs = f"<defs>{''.join(self.defs)}</defs>" if self.defs else ""
        return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 1200">'
                + defs + "".join(self.out) + "</svg>\n")

    def define(self, template):
        """Adds a definition once; {id} is filled in. Returns url(#id)."""
        if template not in self.known:
            self.known[template] = f"d{len(self.known)}"
            self.defs.append(template.replace("{id}", self.known[template]))
        return f"url(#{self.known[template]})"

    def e(self, tag, **attrs):
        short = {"op": "opacity", "tf": "transform", "w": "stroke-width"}
        text = "".join(f' {short.get(k, k).replace("_", "-")}="{n(v)}"'
                       for k, v in attrs.items() if v is not None)
        self.out.append(f"<{tag}{text}/>")

    def path(self, d, fill, **kw):
        self.e("path", d=d, fill=fill, **kw)

    def line(self, d, colour, w, **kw):
        kw.setdefault("stroke_linecap", "round")
        kw.setdefault("stroke_linejoin", "round")
        self.e("path", d=d, fill="none", stroke=colour, w=w, **kw)

    def circ(self, x, y, r, fill, **kw):
        self.e("circle", cx=x, cy=y, r=r, fill=fill, **kw)

    def ell(self, x, y, rx, ry, fill, **kw):
        self.e("ellipse", cx=x, cy=y, rx=rx, ry=ry, fill=fill, **kw)

    def rect(self, x, y, width, height, fill, rx=None, **kw):
        self.e("rect", x=x, y=y, width=width, height=height, rx=rx, fill=fill, **kw)

    @contextmanager
    def g(self, tf=None, clip=None, op=None, filter=None):
        text = "".join(f' {k}="{v}"' for k, v in (
            ("transform", tf), ("clip-path", clip), ("opacity", op), ("filter", filter)) if v)
        self.out.append(f"<g{text}>")
        yield
        self.out.append("</g>")

    def clip(self, d):
        return self.define(f'<clipPath id="{{id}}"><path d="{d}"/></clipPath>')

    def blur(self, size):
        return self.define('<filter id="{id}" x="-30%" y="-30%" width="160%" height="160%">'
                           f'<feGaussianBlur stdDeviation="{size}"/></filter>')

    def pattern(self, w, h, content, tf=""):
        tf = f' patternTransform="{tf}"' if tf else ""
        return self.define(f'<pattern id="{{id}}" width="{w}" height="{h}" '
                           f'patternUnits="userSpaceOnUse"{tf}>{content}</pattern>')

    @staticmethod
    def stops(stops):
        out = ""
        for stop in stops:
            alpha = f' stop-opacity="{round(stop[2], 2):g}"' if len(stop) > 2 else ""
            out += f'<stop offset="{round(stop[0], 2):g}" stop-color="{stop[1]}"{alpha}/>'
        return out

    def lin(self, *stops, to=(0, 1)):
        """Linear gradient, top to bottom unless told; stops are (offset, colour[, opacity])."""
        return self.define(f'<linearGradient id="{{id}}" x2="{to[0]}" y2="{to[1]}">'
                           f'{self.stops(stops)}</linearGradient>')

    def rad(self, *stops, at=(.5, .5), r=.5):
        return self.define(f'<radialGradient id="{{id}}" cx="{at[0]}" cy="{at[1]}" r="{r}">'
                           f'{self.stops(stops)}</radialGradient>')

    def fade(self, colour, op=1):
        return self.rad((0, colour, op), (.45, colour, op * .55), (1, colour, 0))

    def slab(self, colour, a=.16, b=.16):
        return self.lin((0, light(colour, a)), (1, dark(colour, b)), to=(.7, 1))

    def metal(self, colour, to=(1, 0)):
        return self.lin((0, dark(colour, .25)), (.18, light(colour, .55)), (.34, colour),
                        (.6, dark(colour, .12)), (.78, light(colour, .3)),
                        (1, dark(colour, .45)), to=to)

    def shade(self, kind, strength=1):
        """A transparent overlay that gives a flat shape its volume."""
        s, ink, lit = strength, dark(self.ink, .5), "#fffaf0"
        if kind == "h":
            return self.lin((0, ink, .14 * s), (.1, lit, .05), (.26, lit, .34 * s), (.46, lit, 0),
                            (.58, ink, 0), (.85, ink, .26 * s), (1, ink, .42 * s), to=(1, 0))
        if kind == "ball":
            return self.rad((0, lit, .5 * s), (.3, lit, .1 * s), (.5, ink, 0), (.8, ink, .22 * s),
                            (1, ink, .42 * s), at=(.34, .28), r=.8)
        if kind == "v":
            return self.lin((0, lit, .25 * s), (.4, lit, 0), (.6, ink, 0), (1, ink, .35 * s))
        return self.lin((0, lit, .28 * s), (.45, lit, 0), (.55, ink, 0), (1, ink, .28 * s),
                        to=(.8, 1))

    def solid(self, d, fill, shade="h", deco=None, strength=1, **kw):
        """A flat shape, its decoration clipped to it, and shading over both."""
        self.path(d, fill, **kw)
        if deco:
            with self.g(clip=self.clip(d)):
                deco()
        if shade:
            self.path(d, self.shade(shade, strength), **kw)

    # -- light and shadow -------------------------------------------------
    def shadow(self, cx, cy, rx, ry=None, op=.42):
        ry = rx * .17 if ry is None else ry
        self.ell(cx + rx * .22, cy + ry * .15, rx * 1.3, ry * 1.25, self.fade(self.ink, op * .8))
        self.ell(cx + rx * .04, cy, rx * 1.02, ry * .6, self.fade(self.ink, op))

    def drop(self, d, dx=16, dy=22, op=.3, size=14):
        self.path(d, self.ink, op=op, tf=f"translate({dx} {dy})", filter=self.blur(size))

    def glow(self, x, y, r, colour="#ffd98a", op=.8):
        self.circ(x, y, r, self.fade(colour, op))

    # -- backdrops --------------------------------------------------------
    def wallpaper(self):
        self.rect(0, 0, 1200, 1200, self.lin((0, self.wall), (1, self.wall2)))

    def sunlight(self):
        self.rect(0, 0, 1200, 1200, self.rad((0, "#fffaf0", .5), (1, "#fffaf0", 0),
                                             at=(.15, .08), r=.8))

    def ground(self, y=850):
        self.rect(0, y, 1200, 1200 - y, self.lin((0, self.floor2), (1, self.floor)))
        self.rect(0, y, 1200, 40, self.lin((0, self.ink, .1), (1, self.ink, 0)))

    def scene_arch(self):
        self.wallpaper()
        self.sunlight()
        arch = "M250 850V500C250 300 400 210 600 90 800 210 950 300 950 500V850Z"
        self.path(arch, self.lin((0, self.accent), (1, mix(self.accent, self.wall2, .6))))
        self.line("M222 850V496C222 284 384 190 600 58 816 190 978 284 978 496V850",
                  self.accent, 5, op=.7)
        self.ground()

    def scene_round(self):
        self.wallpaper()
        self.sunlight()
        self.circ(600, 540, 420, self.lin((0, self.accent), (1, mix(self.accent, self.wall2, .5))))
        self.ground(870)

    def scene_window(self):
        self.wallpaper()
        self.sunlight()
        for x, y in ((430, 110), (690, 170), (430, 420), (690, 480)):
            self.path(f"M{x} {y}l230 54v270l-230 -54z", self.accent, op=.55)
        self.ground(840)

    def scene_pointed(self):
        self.wallpaper()
        self.sunlight()
        for x, s, o in ((230, .62, .5), (970, .62, .5), (600, 1, 1)):
            w, h = 250 * s, 640 * s
            self.path(f"M{n(x - w)} 860V{n(860 - h * .6)}q0 {n(-h * .3)} {n(w)} {n(-h * .62)}"
                      f"q{n(w)} {n(h * .32)} {n(w)} {n(h * .62)}V860Z",
                      self.lin((0, self.accent), (1, mix(self.accent, self.wall2, .7))), op=o)
        self.ground(860)

    def scene_plain(self):
        self.wallpaper()
        self.sunlight()
        self.ground(800)

    def scene_wall(self):
        """No floor: for things that hang."""
        self.wallpaper()
        self.circ(600, 600, 430, self.accent, op=.55)
        self.sunlight()

    def scene_table(self):
        """Seen from above."""
        self.rect(0, 0, 1200, 1200, self.lin((0, self.wall), (1, self.wall2), to=(1, 1)))
        self.path("M0 760L760 0H1010L0 1010Z", self.accent, op=.4)
        self.path("M0 1120L1120 0H1200V20L20 1200H0Z", self.accent, op=.3)

    def scene_tiles(self):
        """Seen from above, on a tiled table."""
        tile = (f'<rect width="200" height="200" fill="{self.wall2}"/>'
                f'<path d="M100 6L194 100 100 194 6 100Z" fill="{self.wall}"/>'
                f'<path d="M100 60l40 40-40 40-40-40Z" fill="{self.accent}" opacity=".7"/>')
        self.rect(0, 0, 1200, 1200, self.pattern(200, 200, tile))
        self.rect(0, 0, 1200, 1200, self.wall, op=.35)
        self.sunlight()

    def scene_dusk(self):
        self.wallpaper()
        self.ground(900)

    # -- common small things ----------------------------------------------
    def specks(self, x0, y0, x1, y1, count, colour, size=6, op=.55):
        """Random dots in a box, in two sizes."""
        for share, width in ((.6, size * .6), (.4, size)):
            d = "".join(f"M{self.random.randint(int(x0), int(x1))} {self.random.randint(int(y0), int(y1))}h0"
                        for _ in range(int(count * share)))
            self.line(d, colour, width, op=op)

    def rim(self, cx, y, r, k, outer, inner, lip=10):
        """The open mouth of a vessel."""
        self.ell(cx, y, r, r * k, self.lin((0, light(outer, .25)), (1, light(outer, .1)),
                                           to=(1, 0)))
        self.ell(cx, y + lip * .2, r - lip, max(2, r * k - lip * .55),
                 self.lin((0, dark(inner, .5)), (1, inner), to=(.9, .5)))

    def band(self, cx, y, r, h, colour, k=.14, **kw):
        self.path(f"M{n(cx - r)} {n(y)}A{n(r)} {n(r * k)} 0 0 0 {n(cx + r)} {n(y)}v{n(h)}"
                  f"A{n(r)} {n(r * k)} 0 0 1 {n(cx - r)} {n(y + h)}Z", colour, **kw)

    def ringpts(self, cx, y, r, count, k=.14, spread=.97):
        """Points along the front of a turned body, closer together near the edges."""
        for i in range(count):
            a = math.pi * (i + .5) / count
            yield cx - r * spread * math.cos(a), y + r * k * math.sin(a), math.sin(a)

    def gloss(self, d, w=14, op=.5):
        self.line(d, "#fffdf6", w, op=op)

    def steam(self, x, y, s=1.0):
        for dx, dy in ((0, 0), (52, -26)):
            self.line(f"M{n(x + dx * s)} {n(y + dy * s)}q{n(-38 * s)} {n(-50 * s)} 0 {n(-96 * s)}"
                      f"t0 {n(-96 * s)}", "#fffdf8", 13 * s, op=.5)

    def bean(self, x, y, r, angle, colour="#5b3422"):
        with self.g(tf=f"translate({n(x)} {n(y)}) rotate({n(angle)})"):
            self.ell(4, 7, r, r * .68, self.ink, op=.22)
            self.ell(0, 0, r, r * .68, self.rad((0, light(colour, .3)), (1, dark(colour, .25)),
                                                at=(.35, .3), r=.8))
            self.line(f"M{n(-r * .9)} 0q{n(r * .45)} {n(-r * .35)} {n(r * .9)} 0t{n(r * .9)} 0",
                      dark(colour, .55), r * .13)

    def sprig(self, points, leaves, colour, length=70, width=30, w=6, stem=None):
        """A stem through the points with pairs of leaves along it."""
        self.line(crv(points), stem or dark(colour, .25), w)
        (x0, y0), (x1, y1) = points[0], points[-1]
        d = ["", ""]
        for i in range(leaves):
            t = (i + 1) / (leaves + .5) * (len(points) - 1)
            j = min(int(t), len(points) - 2)
            (xa, ya), (xb, yb) = points[j], points[j + 1]
            x, y = xa + (xb - xa) * (t - j), ya + (yb - ya) * (t - j)
            a = math.degrees(math.atan2(yb - ya, xb - xa))
            size = 1 - .35 * (i / leaves)
            d[0] += leaf(x, y, length * size, width * size, a - 48)
            d[1] += leaf(x, y, length * size, width * size, a + 48)
        a = math.degrees(math.atan2(y1 - points[-2][1], x1 - points[-2][0]))
        d[0] += leaf(x1, y1, length * .7, width * .7, a)
        self.path(d[1], dark(colour, .18))
        self.path(d[0], light(colour, .12))
