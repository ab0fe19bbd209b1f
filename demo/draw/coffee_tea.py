"""Coffee & Tea."""
import math

from .palette import BEECH, BRASS, COBALT, COPPER, MADDER, STEEL, WALNUT, dark, light
from .shapes import crv, lathe, leaf, oval, pic, poly, rrect, star

CAT = "coffee_tea"


@pic("dockside-coffee-beans", CAT, 0, "round")
def coffee_bag(a):
    a.shadow(600, 1010, 270)
    kraft = "#c99a68"
    d = "M352 330L376 290H824L848 330C862 560 868 800 856 990Q852 1012 830 1012H370Q348 1012 344 990C332 800 338 560 352 330Z"

    def deco():
        a.path("M352 330H430C410 560 410 800 424 1012H330V330Z", "#fff3dc", op=.22)
        a.path("M848 330H776C796 560 796 800 780 1012H870V330Z", "#3a1f10", op=.2)
        a.line("M430 330C410 560 410 800 424 1012M776 330C796 560 796 800 780 1012", "#7a5230", 4, op=.6)
        a.specks(340, 300, 860, 1010, 70, "#8a6038", 5, .5)
    a.solid(d, kraft, "d", deco)
    top = "M372 190H828L824 292H376Z"
    a.solid(top, light(kraft, .12), "v", strength=.7)
    a.line("M374 206H826M375 250H825M376 288H824", "#8a5f38", 5, op=.6)
    for x in (372, 796):
        a.path(rrect(x - 10, 224, 54, 34, 8), "#7d2f2a")
    label = rrect(440, 440, 320, 430, 26)
    a.path(label, "#fbf1de")
    with a.g(clip=a.clip(label)):
        a.rect(440, 440, 320, 430, a.lin((0, "#f7dca6"), (1, "#f3b26a")))
        d = "".join(f"M600 700L{600 + 400 * math.cos(t - .07):.0f} {700 - 400 * math.sin(t - .07):.0f}L{600 + 400 * math.cos(t + .07):.0f} {700 - 400 * math.sin(t + .07):.0f}Z"
                    for t in [math.pi * i / 12 for i in range(13)])
        a.path(d, "#f9e8c4", op=.8)
        a.circ(600, 700, 96, "#d9562f")
        a.path("M440 700H760V870H440Z", "#1f5f66")
        for i in range(5):
            a.line(f"M{430 - i % 2 * 24} {722 + i * 34}q24 -18 48 0t48 0 48 0 48 0 48 0 48 0 48 0 48 0", ("#7fc4bd", "#d9efe6")[i % 2], 7)
    a.path(label, "none", stroke="#7a4a2c", stroke_width=8)
    a.circ(600, 372, 22, "#b3834f")
    a.circ(600, 372, 22, "none", stroke="#7a5230", w=4)
    a.circ(600, 372, 5, "#5f3f24")
    for x, y, r, t in ((250, 1010, 38, 20), (170, 1060, 36, -40), (310, 1075, 36, 70), (900, 1040, 38, -20), (985, 1000, 36, 50), (1010, 1085, 38, 10), (880, 1110, 34, 100)):
        a.bean(x, y, r, t)


@pic("dockside-coffee-beans-2", CAT, 2, "table")
def coffee_cup_top(a):
    spots = []
    while len(spots) < 23:
        x, y = a.random.randint(60, 1140), a.random.randint(60, 1140)
        if math.hypot(x - 590, y - 590) > 440 and all(math.hypot(x - p, y - q) > 84 for p, q in spots):
            spots.append((x, y))
    for x, y in spots:
        a.bean(x, y, 44, a.random.randint(0, 179))
    a.drop(oval(590, 590, 400), 24, 36, .4, 22)
    a.circ(590, 590, 400, a.slab("#2f6f74", .3, .25))
    a.circ(590, 590, 372, "none", stroke="#e9c48a", w=7)
    a.circ(590, 590, 282, a.lin((0, "#1d4a4e"), (1, "#3f8388"), to=(1, 1)))
    handle = "M790 690C860 740 930 790 900 830S800 800 750 760Z"
    a.drop(handle, 10, 16, .35, 8)
    a.solid(handle, "#f4ead8", "d")
    a.circ(604, 612, 264, "#0f2c2e", op=.4)
    a.circ(590, 590, 252, a.slab("#fbf4e6", .4, .16))
    a.circ(590, 590, 222, a.rad((0, "#4a2a1a"), (.75, "#35190f"), (1, "#1f0d08"), at=(.45, .42), r=.6))
    a.circ(590, 590, 214, "none", stroke="#b9763c", w=10, op=.8)
    for _ in range(16):
        t, r = a.random.uniform(.2, 2.6), a.random.uniform(160, 200)
        a.circ(590 + r * math.cos(t), 590 + r * math.sin(t), a.random.uniform(5, 14), "none", stroke="#d9a05a", w=4, op=.8)
    a.path("M420 560A175 175 0 0 1 560 420L574 452A140 140 0 0 0 456 570Z", "#fff", op=.28)


def demitasse(a, x, y, s, body, trim):
    a.ell(x, y + 10 * s, 130 * s, 26 * s, dark(body, .2))
    a.ell(x, y, 130 * s, 26 * s, body)
    a.ell(x, y, 120 * s, 22 * s, "none", stroke=trim, w=5 * s)
    a.line(f"M{x + 70 * s} {y - 120 * s}c{60 * s} {-14 * s} {66 * s} {66 * s} {-8 * s} {72 * s}", body, 14 * s)
    d = lathe(x, [(y - 150 * s, 80 * s), (y - 80 * s, 76 * s), (y - 20 * s, 46 * s), (y + 2 * s, 42 * s)], .2)

    def deco():
        a.band(x, y - 118 * s, 90 * s, 12 * s, trim, .2)
        a.path("".join(star(px, py, 17 * s, 7 * s, 4) for px, py, _ in a.ringpts(x, y - 82 * s, 74 * s, 7, .2)), trim)
    a.solid(d, body, deco=deco)
    a.rim(x, y - 150 * s, 80 * s, .2, body, "#4a2716", 7 * s)


@pic("copper-cezve", CAT, 1, "arch")
def cezve(a):
    a.shadow(520, 1000, 230)
    handle = "M640 520C760 480 930 400 1060 300Q1090 290 1084 324C960 440 800 530 660 574Z"
    a.path(handle, a.metal(BRASS, (.4, 1)))
    a.circ(1060, 318, 10, dark(BRASS, .5))
    body = lathe(500, [(470, 168), (500, 150), (560, 132), (640, 152), (780, 218), (900, 244), (970, 226), (1000, 196)], .14)
    a.path(body, a.metal(COPPER))

    def vine():
        a.band(500, 596, 240, 8, "#7a3a1e", op=.7)
        a.band(500, 880, 260, 8, "#7a3a1e", op=.7)
        d, stem = "", []
        for i, (x, y, w) in enumerate(a.ringpts(500, 750, 206, 8, .14)):
            y += 26 * (-1) ** i
            stem.append((x, y))
            d += leaf(x, y, 62, 30 * w + 6, (-70 if i % 2 else 70)) + oval(x, y + (34 if i % 2 else -34), 9 * w + 2, 9)
        a.line(crv(stem), "#7a3a1e", 7, op=.8)
        a.path(d, "#7a3a1e", op=.75)
        a.path(d, "#ffdcb8", op=.5, tf="translate(-3 -3)")
    with a.g(clip=a.clip(body)):
        vine()
    a.path(body, a.shade("ball", .6))
    a.path("M332 470A168 24 0 0 1 668 470A168 24 0 0 1 360 484Q320 470 300 452Q318 456 332 470Z", a.metal(light(COPPER, .2)))
    a.ell(500, 470, 150, 17, "#3a1f14")
    a.ell(505, 466, 138, 12, a.lin((0, "#8a5530"), (1, "#c48d55"), to=(1, 0)))
    a.path(rrect(612, 500, 66, 92, 14), a.metal(BRASS))
    a.circ(644, 524, 9, dark(BRASS, .5))
    a.circ(644, 566, 9, dark(BRASS, .5))
    a.steam(470, 400, 1.1)
    a.shadow(900, 1035, 140)
    demitasse(a, 900, 1030, 1.05, "#fbf4e6", COBALT)


@pic("ribbed-pour-over", CAT, 2, "window")
def pour_over(a):
    a.shadow(600, 1020, 250)
    server = lathe(600, [(640, 120), (700, 130), (760, 180), (880, 262), (980, 262), (1014, 236), (1020, 226)], .13)
    a.path(server, a.lin((0, "#fdffff", .75), (1, "#d5e9ea", .55)))
    coffee = lathe(600, [(860, 246), (900, 252), (976, 252), (1006, 228), (1012, 220)], .13, "front")
    a.path(coffee, a.lin((0, "#7a4526"), (.5, "#4a2414"), (1, "#2f140b")))
    a.ell(600, 860, 246, 32, "#8a5430")
    a.ell(600, 860, 246, 32, "none", stroke="#b9835a", w=5)
    a.line("M600 640V858", "#5a2e1a", 7)
    a.path(server, "none", stroke="#8fb5b5", w=6, op=.8)
    a.line("M830 800C950 740 970 960 846 950", "#cfe6e6", 30, op=.85)
    a.line("M830 800C950 740 970 960 846 950", "#8fb5b5", 6, op=.6)
    a.gloss("M420 840q-40 70 -30 140", 18, .75)
    a.path(rrect(470, 690, 260, 44, 12), a.metal(BEECH))
    base = lathe(600, [(616, 214), (640, 222), (656, 214)], .13, "front")
    a.line("M770 440C920 400 930 560 720 570", dark("#f7f3ea", .22), 46)
    a.line("M770 440C920 400 930 560 720 570", "#f7f3ea", 36)
    cone = lathe(600, [(330, 256), (350, 254, 1), (600, 110), (622, 112)], .14)

    def ribs():
        for i in range(9):
            x0 = 600 - 270 * math.cos(math.pi * (i + .2) / 9)
            a.line(f"M{x0:.0f} 330Q{x0 * .7 + 180 + 60:.0f} 500 {600 + (x0 - 600) * .4 + 50:.0f} 640", "#8d8574", 9, op=.35)
            a.line(f"M{x0 - 10:.0f} 330Q{x0 * .7 + 170 + 60:.0f} 500 {590 + (x0 - 600) * .4 + 50:.0f} 640", "#fff", 9, op=.8)
    a.solid(base, "#f7f3ea", "h")
    a.ell(600, 616, 214, 28, "#fffdf7")
    a.ell(600, 612, 116, 14, "#d9d2c2")
    a.solid(cone, "#f7f3ea", deco=ribs)
    a.ell(600, 330, 256, 36, "#fffdf7")
    a.ell(600, 332, 240, 30, "#cfc7b6")
    a.path("M366 328L350 270Q600 330 850 270L834 334A238 30 0 0 1 366 334Z", "#f1e4cc")
    a.path("M350 270Q600 330 850 270Q600 236 350 270Z", "#e0cfae")
    a.ell(600, 322, 190, 20, "#3a1c10")
    a.ell(590, 318, 140, 12, "#6b3a20")
    a.steam(570, 240, .9)


@pic("iron-teapot", CAT, 0, "pointed")
def iron_teapot(a):
    a.shadow(600, 1000, 330)
    iron = "#33363d"
    a.line("M380 560C360 160 840 160 820 560", "#1f2127", 36)
    a.line("M376 556C358 170 836 168 814 556", "#565a63", 12)
    spout = "M810 760C900 740 900 620 960 560L1010 584C980 660 980 820 830 880Z"
    a.solid(spout, iron, "d", strength=1.3)
    a.ell(985, 570, 30, 15, "#17181c", tf="rotate(24 985 570)")
    body = "M600 520C800 520 900 640 900 760S800 985 600 985 300 880 300 760 400 520 600 520Z"

    def dots():
        d, e = "", ""
        for r in range(11):
            lat = math.pi * (r + .5) / 11 - math.pi / 2
            y = 752 + 222 * math.sin(lat)
            rad = 296 * math.cos(lat) ** .8
            count = 17
            for c in range(count):
                t = math.pi * (c + .5 + (r % 2) * .5) / count
                if t < math.pi:
                    x = 600 - rad * math.cos(t)
                    d += f"M{x:.0f} {y:.0f}h0"
                    e += f"M{x - 3:.0f} {y - 4:.0f}h0"
        a.line(d, "#1b1d22", 24)
        a.line(e, "#5f646e", 15)
    a.solid(body, iron, "ball", dots, .9)
    a.solid(lathe(600, [(960, 190), (1000, 176)], .13, "front"), "#26282e", "h")
    for x in (392, 808):
        a.solid(rrect(x - 26, 520, 52, 90, 20), "#26282e", "h")
        a.circ(x, 556, 12, "#6a6e78")
    lid = lathe(600, [(492, 30), (500, 90), (526, 170), (540, 176)], .14)
    a.solid(lid, iron, "h", strength=1.3)
    a.solid(lathe(600, [(430, 18), (444, 38), (466, 34), (486, 16), (500, 24)], .14), "#b8863b", "h", strength=1.3)
    a.gloss("M392 660q-40 60 -30 130", 14, .25)
    a.steam(1010, 520, .8)


@pic("hand-coffee-grinder", CAT, 1, "round")
def grinder(a):
    a.shadow(560, 1030, 170)
    body = lathe(550, [(420, 140), (440, 146, 1), (1010, 146, 1), (1030, 140)], .16)
    a.path(body, a.metal(BRASS))

    def etch():
        diamonds = ""
        for row in range(4):
            for x, y, w in a.ringpts(550, 730 + row * 66, 146, 7, .16):
                k = 33
                diamonds += poly([(x, y - k), (x + 20 * w, y), (x, y + k), (x - 20 * w, y)])
        a.path(diamonds, "#7a5420", op=.45)
        a.path(diamonds, "#fff3cf", op=.35, tf="translate(-3 -4)")
        for y in (470, 484, 648, 985):
            a.band(550, y, 160, 6, dark(BRASS, .5), .16, op=.8)
        a.band(550, 560, 160, 60, "#7a4a2c", .16)
        a.band(550, 560, 160, 10, "#b9763c", .16)
    with a.g(clip=a.clip(body)):
        etch()
    a.path(body, a.shade("h", .6))
    dome = lathe(550, [(330, 26), (350, 70), (400, 130), (430, 146)], .16)
    a.path(dome, a.metal(BRASS))
    a.path(dome, a.shade("h", .5))
    a.path(lathe(550, [(270, 16), (340, 16)], .2), a.metal(STEEL))
    arm = "M530 262Q550 236 580 244L900 214Q930 214 930 236T904 262L570 292Q530 296 530 262Z"
    a.drop(arm, 6, 16, .22, 8)
    a.path(arm, a.metal(STEEL, (0, 1)))
    a.circ(552, 268, 17, a.slab("#8d969c", .5, .3))
    a.path("M890 150h34v80h-34z", a.metal(STEEL))
    a.solid("M850 120C850 60 880 34 908 34S966 60 966 120C966 160 940 186 908 186S850 160 850 120Z", WALNUT, "ball", strength=1.2)
    a.gloss("M460 480v480", 10, .4)
    for x, y, r, t in ((330, 1040, 42, 20), (250, 990, 38, -50), (800, 1030, 42, -30), (880, 1080, 42, 40), (760, 1100, 38, 80), (400, 1110, 38, 120), (940, 1010, 36, 10)):
        a.bean(x, y, r, t)


def tea_glass(a, x, base, s):
    prof = [(base - 520 * s, 136 * s), (base - 440 * s, 118 * s), (base - 330 * s, 84 * s), (base - 250 * s, 88 * s), (base - 130 * s, 128 * s),
            (base - 50 * s, 118 * s), (base - 8 * s, 70 * s, 1), (base, 66 * s)]
    glass = lathe(x, prof, .16)
    a.path(glass, "#ffffff", op=.42)
    tea = lathe(x, [(base - 440 * s, 110 * s), (base - 330 * s, 77 * s), (base - 250 * s, 80 * s), (base - 130 * s, 119 * s), (base - 58 * s, 108 * s), (base - 30 * s, 62 * s)], .16, "front")
    a.path(tea, a.lin((0, "#e58a2e"), (.5, "#c9501f"), (1, "#8f2a17"), to=(.6, 1)))
    a.ell(x, base - 440 * s, 110 * s, 17 * s, a.lin((0, "#f2ab4e"), (1, "#d9702a"), to=(1, 0)))
    a.path(glass, a.lin((0, "#fff", .6), (.18, "#fff", .05), (.75, "#fff", 0), (1, "#7a2a1a", .25), to=(1, 0)))
    a.ell(x, base - 520 * s, 136 * s, 21 * s, "none", stroke="#e0b252", w=9 * s)
    a.band(x, base - 494 * s, 130 * s, 5 * s, "#e0b252", .16, op=.9)
    a.gloss(f"M{x - 84 * s:.0f} {base - 400 * s:.0f}Q{x - 44 * s:.0f} {base - 290 * s:.0f} {x - 88 * s:.0f} {base - 150 * s:.0f}", 15 * s, .75)


@pic("tulip-tea-glasses", CAT, 2, "arch")
def tulip(a):
    a.shadow(600, 990, 340, 60)
    a.ell(600, 972, 330, 74, "#c9b68a")
    a.ell(600, 958, 330, 74, a.slab("#fbf4e6"))
    a.ell(600, 958, 318, 70, "none", stroke="#e0b252", w=7)
    petals = ""
    for i in range(26):
        t = i * 2 * math.pi / 26
        petals += oval(600 + 264 * math.cos(t), 958 + 57 * math.sin(t), 20, 9)
    a.path(petals, MADDER)
    a.ell(600, 958, 210, 45, "none", stroke=COBALT, w=9)
    a.ell(600, 956, 150, 30, "#dccfb2")
    a.ell(640, 962, 120, 24, "#c9501f", op=.35)
    tea_glass(a, 600, 962, 1.28)
    a.steam(570, 240, .8)
    for x, y in ((784, 930), (842, 950)):
        a.path(f"M{x} {y}l40 -16 40 14v40l-40 18 -40 -16z", "#fffdf8")
        a.path(f"M{x} {y}l40 16v40l-40 -16z", "#e9e2d4")
        a.path(f"M{x + 40} {y + 16}l40 -18v40l-40 18z", "#d2c8b6")
    a.line("M300 1040L470 1004", "#8d969c", 15, op=.3, tf="translate(6 10)")
    a.line("M300 1040L470 1004", "#dfb85e", 13)
    a.ell(270, 1047, 44, 22, a.slab("#dfb85e", .5, .3), tf="rotate(-12 270 1047)")


@pic("tulip-tea-glasses-2", CAT, 0, "tiles")
def tulip_tray(a):
    a.drop(oval(600, 600, 470), 26, 38, .45, 24)
    a.circ(600, 600, 470, a.metal(BRASS, (1, .7)))
    a.circ(600, 600, 440, a.rad((0, light(BRASS, .5)), (.7, BRASS), (1, dark(BRASS, .3)), at=(.36, .3), r=.85))
    d = "".join(leaf(600 + 350 * math.cos(math.radians(t)), 600 + 350 * math.sin(math.radians(t)), 74, 40, t) for t in range(0, 360, 15))
    a.path(d, dark(BRASS, .45), op=.5)
    a.circ(600, 600, 340, "none", stroke=dark(BRASS, .45), w=5, op=.6)
    a.path(star(600, 600, 330, 210, 12), "none", stroke=dark(BRASS, .45), stroke_width=6, op=.5)
    for i in range(6):
        t = math.radians(i * 60 - 90)
        x, y = 600 + 286 * math.cos(t), 600 + 286 * math.sin(t)
        a.circ(x + 12, y + 18, 122, "#3a2408", op=.3)
        a.circ(x, y, 120, "#fbf4e6")
        a.circ(x, y, 112, "none", stroke=(MADDER, COBALT)[i % 2], w=9)
        a.circ(x, y, 84, "#e6dac0")
        a.circ(x + 6, y + 9, 76, "#7a2a1a", op=.3)
        a.circ(x, y, 72, "#fff", op=.75)
        a.circ(x, y, 72, "none", stroke="#e0b252", w=6)
        a.circ(x, y, 62, a.rad((0, "#e8882e"), (.7, "#c24a1c"), (1, "#8f2a17"), at=(.4, .35), r=.7))
        a.path(f"M{x - 42:.0f} {y - 6:.0f}q6 -30 36 -38l4 14q-20 8 -26 26z", "#fff", op=.6)
    a.circ(608, 612, 118, "#3a2408", op=.3)
    a.circ(600, 600, 116, a.slab("#2f6f74", .35, .3))
    a.circ(600, 600, 98, "#1d4a4e")
    for x, y, t in ((560, 570, 10), (620, 560, 40), (590, 620, -14), (650, 616, 24), (600, 590, 60), (548, 622, 34)):
        with a.g(tf=f"rotate({t} {x} {y})"):
            a.rect(x - 26, y - 22, 52, 52, "#cfc6b4", rx=6)
            a.rect(x - 26, y - 26, 52, 50, "#fffdf8", rx=6)


@pic("mint-gunpowder-tea", CAT, 1, "pointed")
def mint_tin(a):
    a.shadow(560, 1000, 250)
    tin = lathe(540, [(430, 226), (980, 226, 1), (990, 226)], .15)
    tile = ('<path d="M55 4C80 30 106 55 55 106 4 55 30 30 55 4Z" fill="#e9d9a0" opacity=".9"/><path d="M55 28C66 44 80 58 55 84 30 58 44 44 55 28Z" fill="#1f6b55"/>'
            '<circle cx="0" cy="0" r="14" fill="#f0b352"/><circle cx="110" cy="0" r="14" fill="#f0b352"/><circle cx="0" cy="110" r="14" fill="#f0b352"/><circle cx="110" cy="110" r="14" fill="#f0b352"/>')

    def deco():
        a.rect(300, 420, 500, 640, a.pattern(110, 110, tile, "translate(45 20) scale(.92 1)"))
        a.band(540, 470, 230, 14, "#f0b352", .15)
        a.band(540, 930, 230, 14, "#f0b352", .15)
        a.path("M400 640Q540 560 680 640V880Q540 940 400 880Z", "#fbf1de")
        a.path("M412 650Q540 578 668 650V872Q540 926 412 872Z", "none", stroke="#1f6b55", stroke_width=5)
        a.path(leaf(540, 850, 190, 92, -90) + leaf(536, 850, 130, 70, -150) + leaf(544, 850, 130, 70, -30), "#3f9163")
        a.line("M540 900V690M540 850L440 792M540 850L640 792", "#1f6b55", 6)
    a.solid(tin, "#1f6b55", deco=deco)
    a.ell(540, 430, 226, 34, a.metal("#d5b26a"))
    a.ell(540, 432, 210, 28, "#2f2a22")
    a.ell(545, 438, 200, 22, "#4b5a34")
    a.line("".join(f"M{540 + a.random.randint(-180, 180)} {438 + a.random.randint(-13, 13)}h0" for _ in range(60)), "#76884a", 16)
    a.line("".join(f"M{540 + a.random.randint(-180, 180)} {438 + a.random.randint(-13, 13)}h0" for _ in range(40)), "#38452a", 11)
    a.shadow(880, 1020, 190)
    with a.g(tf="rotate(-20 880 880)"):
        a.solid(oval(880, 850, 172, 178), "#1f6b55", "ball")
        a.circ(880, 850, 172, "none", stroke="#d5b26a", w=12)
        a.path(star(880, 850, 120, 62), "#f0b352")
        a.path(star(880, 850, 60, 28), "#1f6b55")
    d = ""
    for x, y, s, t in ((180, 1010, 150, -30), (200, 1030, 130, 20), (190, 1020, 120, -90), (700, 1090, 140, 14), (700, 1090, 120, -40)):
        d += leaf(x, y, s, s * .52, t)
    a.path(d, "#12352c", op=.25, tf="translate(8 12)")
    a.path(d, "#4fa26a")
    a.line("M180 1010L290 948M200 1030L300 1064M190 1020V930M700 1090L816 1118M700 1090L776 1026", "#2f7a4d", 5)


@pic("gooseneck-kettle", CAT, 2, "round")
def kettle(a):
    a.shadow(600, 1000, 290)
    spout = "M770 850C860 860 850 700 880 560C900 470 930 420 1010 400L1030 440C960 460 950 520 936 600C910 760 920 950 770 940Z"
    a.path(spout, a.metal("#aeb7bc", (1, .4)))
    a.ell(1021, 420, 13, 22, "#4a5258", tf="rotate(-26 1021 420)")
    a.line("M420 560C300 430 170 520 200 760", "#50595f", 34)
    a.line("M420 560C300 430 170 520 200 760", "#98a2a8", 18)
    grip = "M228 520C170 560 150 660 168 820Q186 850 214 834C206 700 210 610 262 560Z"
    a.solid(grip, WALNUT, "d", strength=1.3)
    body = lathe(570, [(520, 150), (560, 176), (760, 256), (930, 290), (980, 284, 1), (1000, 276)], .13)
    a.path(body, a.metal("#b4bcc1"))
    a.path(body, a.shade("h", .5))
    with a.g(clip=a.clip(body)):
        a.band(570, 950, 300, 10, "#6d767c", .13, op=.8)
        a.path("M780 620Q690 760 760 1010H700Q640 760 740 600Z", "#fff", op=.16)
    lid = lathe(570, [(462, 40), (476, 104), (510, 148), (526, 152)], .15)
    a.path(lid, a.metal("#c6cdd1"))
    a.path(lid, a.shade("v", .8))
    a.solid(lathe(570, [(384, 20), (400, 42), (430, 38), (452, 18), (470, 26)], .14), WALNUT, "h", strength=1.3)
    a.gloss("M436 620Q380 760 352 900", 18, .6)
    a.steam(1050, 380, .8)


@pic("matcha-whisk-set", CAT, 0, "window")
def matcha(a):
    a.shadow(480, 980, 270)
    body = lathe(470, [(640, 300), (660, 306, 1), (760, 290), (880, 220), (940, 140), (960, 128, 1), (985, 122)], .2)

    def deco():
        a.path(crv([(150, 760), (250, 800), (340, 770), (440, 830), (560, 780), (660, 830), (800, 770)]) + "V620H150Z", "#2f4f55")
        a.line(crv([(150, 760), (250, 800), (340, 770), (440, 830), (560, 780), (660, 830), (800, 770)]), "#8fb5b0", 9, op=.7)
        a.specks(170, 640, 770, 980, 60, "#2a2320", 7, .45)
    a.solid(body, "#d9c8ae", deco=deco)
    a.rim(470, 640, 300, .2, "#4a6f74", "#22383c", 13)
    a.ell(470, 652, 268, 44, a.rad((0, "#b9d65e"), (1, "#7fa63a"), at=(.4, .35), r=.7))
    a.line("".join(f"M{470 + a.random.randint(-220, 220)} {652 + a.random.randint(-26, 26)}h0" for _ in range(40)), "#dcec9c", 14, op=.85)
    a.shadow(880, 1000, 130)
    # the whisk stands on its tines
    tines, inner = "", ""
    for i in range(25):
        k = (i - 12) / 12
        tines += f"M{880 + k * 44:.0f} 700C{880 + k * 130:.0f} 800 {880 + k * 150:.0f} 900 {880 + k * 118:.0f} 990q{-k * 20:.0f} 16 {-k * 30:.0f} 0"
    for i in range(13):
        k = (i - 6) / 6
        inner += f"M{880 + k * 40:.0f} 700C{880 + k * 70:.0f} 800 {880 + k * 80:.0f} 900 {880 + k * 50:.0f} 980"
    a.path("M836 700C750 800 730 900 762 995Q880 1020 998 995C1030 900 1010 800 924 700Z", "#a97f3c", op=.8)
    a.line(inner, "#8a6530", 6)
    a.line(tines, "#ecd08a", 6)
    a.line("M830 716Q880 734 930 716M834 734Q880 750 926 734", "#3a3030", 7)
    handle = "M838 430Q880 414 922 430L926 706Q880 724 834 706Z"
    a.solid(handle, "#e2c47a", "h", lambda: a.line("M830 520q50 16 100 0", "#a97f3c", 7))
    a.ell(880, 430, 42, 10, "#f2e0a8")
    a.ell(880, 431, 26, 6, "#8a6530")
    a.line("M190 1070C330 1040 520 1040 690 1070Q740 1078 770 1056", a.ink, 20, op=.2, tf="translate(4 14)")
    a.line("M190 1070C330 1040 520 1040 690 1070Q740 1078 770 1056", "#d9b868", 20)
    a.line("M190 1064C330 1034 520 1034 690 1064", "#f2dca0", 5)
    a.ell(775, 1050, 24, 14, "#8fb53f")
