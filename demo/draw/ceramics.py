"""Ceramics."""
import math

from .palette import BEECH, COBALT, INDIGO, OCHRE, SAGE, TERRA, dark, light
from .shapes import crv, lathe, leaf, oval, pic, poly, rrect, star

CAT = "ceramics"


def mug(a, cx, base, s, glaze, clay, lip_tone, drip, k=.16, inner=None):
    """A round-bellied mug, handle to the right."""
    def at(x, y):
        return cx + x * s, base + y * s
    hx, hy = at(205, -330)
    d = f"M{hx:.0f} {hy:.0f}c{150*s:.0f} {-40*s:.0f} {190*s:.0f} {210*s:.0f} {-18*s:.0f} {220*s:.0f}"
    a.line(d, dark(glaze, .3), 58 * s)
    a.line(d, glaze, 46 * s)
    a.gloss(d, 10 * s, .35)
    body = lathe(cx, [(base - 430 * s, 208 * s), (base - 330 * s, 228 * s), (base - 190 * s, 246 * s),
                      (base - 70 * s, 215 * s), (base - 8 * s, 158 * s, 1), (base, 152 * s)], k)

    def deco():
        edge = [(cx - 300 * s + i * 60 * s, base + (-112 + (14, -12, 26, 4, -8, 20)[(i * drip) % 6]) * s)
                for i in range(11)]
        a.path(crv(edge) + f"V{base + 60:.0f}H{cx - 300 * s:.0f}Z", clay)
        a.line(crv(edge), lip_tone, 13 * s, op=.8)
        a.specks(*at(-250, -420), *at(250, 10), 46, dark(glaze, .45), 7 * s)
    a.solid(body, a.lin((0, light(glaze, .12)), (.7, glaze), (1, dark(glaze, .12))), deco=deco)
    a.gloss(f"M{cx - 168 * s:.0f} {base - 330 * s:.0f}q{-32 * s:.0f} {110 * s:.0f} {4 * s:.0f} {210 * s:.0f}", 17 * s, .45)
    a.rim(cx, base - 430 * s, 208 * s, k, lip_tone, inner or dark(glaze, .15), 13 * s)


@pic("ember-stoneware-mug", CAT, 0, "arch")
def ember_mug(a):
    a.shadow(610, 985, 270)
    mug(a, 570, 985, 1.22, "#d9672f", "#c29a76", "#8c4526", 1)
    a.steam(540, 400, 1.05)


@pic("ember-stoneware-mug-2", CAT, 2, "window")
def mugs(a):
    a.shadow(400, 830, 200)
    mug(a, 390, 830, .92, "#bcc3c0", "#c29a76", "#8d8a80", 2)
    a.shadow(740, 1000, 250)
    with a.g(tf="rotate(62 740 800)"):
        mug(a, 780, 1010, .98, "#33416a", "#b98d68", "#5a6ea8", 3, .42, "#e9dcc3")


@pic("wadi-pitcher", CAT, 1, "round")
def pitcher(a):
    a.shadow(600, 1010, 230)
    h = "M720 400C990 330 980 640 770 780"
    for c, w in ((dark("#e8dcc4", .28), 54), ("#e8dcc4", 42)):
        a.line(h, c, w)
    a.gloss("M800 398c120 0 120 200 20 320", 9, .5)
    body = lathe(590, [(290, 150), (400, 138), (520, 176), (700, 232), (880, 222), (1000, 165, 1),
                       (1010, 160)], .15)
    body = body[:-1]
    spout = "M446 290C410 268 372 232 352 226C366 310 420 390 470 470V300Z"
    a.solid(spout, "#e6d9c0", "d")

    def deco():
        for y, w in ((560, 26), (604, 8), (530, 8)):
            a.band(590, y, 260, w, COBALT, .15, op=.85)
        a.specks(350, 290, 830, 1040, 110, "#6d543a", 8)
        a.band(590, 965, 260, 90, "#c9a17a", .15)
    a.solid(body + "Z", "#f0e6d0", deco=deco)
    a.path("M440 290A150 22 0 0 1 740 290A150 22 0 0 1 470 304C430 290 385 250 352 226Q404 250 440 290Z",
           "#f7efdd")
    a.path("M456 290A134 15 0 0 1 724 290A134 15 0 0 1 474 296Q462 292 456 290Z",
           a.lin((0, "#8d7a5c"), (1, "#c9b896"), to=(1, .3)))
    a.gloss("M436 640q-26 110 10 220", 20, .5)


@pic("moon-jar-vase", CAT, 0, "pointed")
def moon(a):
    a.shadow(600, 1010, 270)
    for p in ([(600, 470), (560, 380), (470, 300), (400, 180), (300, 120)], [(470, 300), (500, 210), (560, 130)],
              [(610, 470), (650, 350), (760, 270), (850, 160)], [(760, 270), (850, 262), (930, 300)]):
        a.line(crv(p), "#5c4032", 13)
    for x, y in ((300, 120), (362, 152), (404, 196), (452, 292), (500, 212), (560, 132), (530, 190), (660, 345),
                 (742, 282), (800, 216), (850, 160), (852, 262), (930, 300), (560, 376)):
        r = a.random.uniform(17, 27)
        t = a.random.uniform(0, 72)
        for i in range(5):
            b = math.radians(t + i * 72)
            a.circ(x + math.cos(b) * r * .75, y + math.sin(b) * r * .75, r * .62, "#f0a6b0" if i % 2 else "#f7c2c8")
        a.circ(x, y, r * .32, "#c9455a")
    body = lathe(600, [(470, 96), (500, 104, 1), (545, 190), (640, 270), (745, 296), (850, 272), (950, 190),
                       (1000, 118, 1), (1012, 112)], .13)

    def deco():
        a.line("M290 752q310 44 620 -8", "#d8cdbb", 5, op=.9)
        a.ell(600, 1010, 300, 60, "#e3b893", op=.35)
    a.solid(body, "#fbf7ee", "ball", deco)
    a.path("M496 470a104 15 0 0 0 208 0a104 15 0 0 0 -208 0M512 470a88 9 0 0 1 176 0a88 9 0 0 1 -176 0", "#fffdf7",
           fill_rule="evenodd")
    a.path("M512 471a88 9 0 0 1 176 0a88 9 0 0 1 -176 0", "#8c7a68", op=.75)
    for p in ([(600, 472), (594, 450)], [(612, 472), (618, 448)]):
        a.line(crv(p), "#5c4032", 13)
    a.gloss("M408 620q-40 60 -44 130", 26, .8)


@pic("noodle-bowl", CAT, 2, "round")
def bowl(a):
    a.shadow(600, 965, 260)
    body = lathe(600, [(560, 360), (660, 345), (790, 270), (880, 170), (905, 140, 1), (960, 132)], .3)

    def deco():
        for row in range(4):
            d = ""
            for i in range(-1, 12):
                x, y = 230 + i * 78 + (row % 2) * 39, 690 + row * 52 + 36 * math.sin(math.pi * (i * 78 + 40) / 820)
                d += f"M{x:.0f} {y:.0f}a39 39 0 0 1 78 0M{x + 14:.0f} {y:.0f}a25 25 0 0 1 50 0M{x + 28:.0f} {y:.0f}a11 11 0 0 1 22 0"
            a.line(d, COBALT, 7, op=(1, .85, .7, .55)[row])
        a.band(600, 588, 380, 12, COBALT, .3)
    a.solid(body, "#fbf8f0", deco=deco)
    a.ell(600, 560, 360, 108, "#fffdf6")
    a.ell(600, 564, 338, 96, a.lin((0, "#cfc6b6"), (1, "#f3ede0"), to=(.8, 1)))
    soup = oval(600, 582, 300, 76)

    def noodles():
        for i in range(9):
            y = 552 + i * 12
            a.line(f"M{330 + i * 9} {y}q60 -34 130 0t130 4t{120 - i * 6} -10", ("#f3d58a", "#e6bf6a")[i % 2], 10)
    a.solid(soup, "#b8722e", None, noodles)
    egg = oval(720, 568, 62, 40)
    a.path(egg, "#fff8ea")
    a.ell(724, 568, 34, 21, "#f0a030")
    a.ell(716, 562, 13, 7, "#ffd27a")
    a.path(leaf(400, 585, 130, 54, -12) + leaf(410, 596, 120, 44, 14), "#4f8a47")
    a.line("M405 588l110 -20M415 600l96 20", "#8fbf7a", 4)
    for x, y in ((560, 540), (596, 600), (640, 626), (520, 626), (610, 556)):
        a.ell(x, y, 13, 8, "#7fb35e")
        a.ell(x, y, 6, 4, "#dcebc4")
    for x0, y0, x1, y1 in ((350, 470, 1010, 330), (340, 512, 1024, 384)):
        a.line(f"M{x0} {y0 + 16}L{x1} {y1 + 16}", a.ink, 15, op=.16)
        a.path(poly([(x0, y0 - 5), (x1, y1 - 12), (x1 + 3, y1 + 12), (x0, y0 + 6)]), a.lin((0, "#b9703e"), (1, "#7d4427")))
        a.line(f"M{x1 - 60} {y1 + 13}l1 1M{x1 - 90} {y1 + 19}l1 1", OCHRE, 22)
    a.steam(500, 430, 1)


@pic("layla-dinner-plates", CAT, 1, "arch")
def plates(a):
    a.shadow(600, 1000, 340)
    a.drop(oval(600, 520, 330), 24, 20, .35, 18)
    a.circ(600, 520, 330, a.slab("#fbf4e6"))
    a.circ(600, 520, 322, "none", stroke=COBALT, w=9)
    petals, dots = "", ""
    for i in range(20):
        t = i * 18
        x, y = 600 + 236 * math.cos(math.radians(t)), 520 + 236 * math.sin(math.radians(t))
        petals += leaf(x, y, 72, 38, t)
        b = math.radians(t + 9)
        dots += oval(600 + 290 * math.cos(b), 520 + 290 * math.sin(b), 10)
    a.path(petals, COBALT)
    a.path(dots, TERRA)
    a.circ(600, 520, 218, a.lin((0, "#e6dac4"), (.5, "#fbf4e6"), (1, "#fffdf6"), to=(.7, 1)))
    a.circ(600, 520, 206, "none", stroke=COBALT, w=4)
    a.path(star(600, 520, 168, 74), OCHRE)
    a.path(star(600, 520, 120, 56, 8, -67.5), COBALT)
    a.path(star(600, 520, 56, 26), "#fbf4e6")
    a.path("M350 420A270 270 0 0 1 480 280L500 320A230 230 0 0 0 390 440Z", "#fff", op=.35)
    tones = ["#fbf4e6", "#f2e3c8", "#fbf4e6", "#efe2cd"]
    for i in range(4):
        y = 985 - i * 40
        a.path(f"M{268 + i*6} {y - 34}C300 {y + 18} 420 {y + 26} 600 {y + 26}S900 {y + 18} {932 - i*6} {y - 34}Z",
               a.lin((0, dark(tones[i], .08)), (.3, light(tones[i], .4)), (1, dark(tones[i], .32)), to=(1, .1)))
        a.ell(600, y - 34, 332 - i * 6, 44, light(tones[i], .3))
        a.ell(600, y - 34, 326 - i * 6, 41, "none", stroke=(COBALT, TERRA, COBALT, OCHRE)[i], w=7)
    y = 985 - 3 * 40
    a.ell(600, y - 30, 220, 26, a.lin((0, "#d8ccb4"), (1, "#fbf6ea")))
    d = ""
    for i in range(36):
        b = math.radians(i * 10)
        d += oval(600 + 276 * math.cos(b), y - 33 + 33 * math.sin(b), 8, 4)
    a.path(d, COBALT)


@pic("bud-vase-trio", CAT, 2, "pointed")
def buds(a):
    for x, r in ((330, 95), (600, 115), (860, 105)):
        a.shadow(x, 990, r)
    # one stem each: poppy, eucalyptus, daisy
    a.line(crv([(340, 640), (330, 480), (350, 350)]), "#5d7d45", 10)
    a.path(leaf(334, 560, 120, 40, -140) + leaf(334, 520, 100, 36, -30), "#6f9152")
    for t in (-150, -90, -30, 30, 100):
        b = math.radians(t)
        a.circ(350 + 46 * math.cos(b), 320 + 42 * math.sin(b), 56, "#e0563c" if t % 60 else "#c9412e")
    a.circ(350, 322, 26, "#3a2330")
    a.circ(350, 322, 11, "#8fa35a")
    a.sprig([(600, 560), (610, 430), (580, 280), (610, 140)], 5, SAGE, 100, 60, 8)
    a.line(crv([(860, 700), (880, 560), (866, 470)]), "#5d7d45", 9)
    a.path(leaf(874, 610, 95, 30, -30), "#6f9152")
    a.path("".join(leaf(866, 430, 92, 36, i * 30) for i in range(12)), "#fffaf0")
    a.circ(866, 430, 30, a.rad((0, "#ffd25e"), (1, "#d98e1f"), at=(.35, .3), r=.8))

    def specks(x0, x1, y0):
        def deco():
            a.specks(x0, y0, x1, 990, 16, "#6b4a35", 7, .4)
        return deco
    one = lathe(335, [(620, 34), (640, 36), (720, 38), (780, 84), (880, 112), (960, 92), (990, 70)], .16)
    a.solid(one, "#c97f5c", deco=specks(200, 460, 720))
    a.rim(335, 620, 34, .26, "#dd9a78", "#5a2f22", 6)
    two = lathe(600, [(545, 46), (570, 44), (620, 70), (690, 84), (745, 66), (800, 100), (890, 142), (965, 122), (990, 96)], .15)
    a.solid(two, "#9fb08c", deco=specks(450, 750, 600))
    a.rim(600, 545, 46, .24, "#b9c7a6", "#46553a", 7)
    three = lathe(862, [(685, 42), (710, 46), (985, 126, 1), (992, 122)], .17)
    a.solid(three, "#f0d27e", deco=specks(740, 990, 700))
    a.rim(862, 685, 42, .26, "#f8e3a4", "#80602a", 7)


@pic("butter-house", CAT, 0, "window")
def butter(a):
    a.shadow(610, 990, 390, 62)
    tray = "M200 925H1000L960 985Q955 998 930 998H270Q245 998 240 985Z"
    a.solid(tray, "#f6ead6", "v")
    a.path("M200 925l54 -34H946l54 34Z", "#fdf6e8")
    a.path("M262 916l28 -20H910l28 20Z", "#dccbb0")
    a.solid("M296 900V620H904V900Q600 918 296 900Z", "#fbf1de", "d", strength=.8)
    for i, x in enumerate((352, 700)):
        a.path(f"M{x} 820V720q0 -52 66 -62q66 10 66 62V820Z", INDIGO)
        a.line(f"M{x + 66} 664V820M{x + 4} 750H{x + 128}", "#fbf1de", 9)
        a.line(f"M{x - 10} 826h152", TERRA, 14)
        for j in range(5):
            a.circ(x + 6 + j * 30, 812 - (j % 2) * 8, 12, ("#e8883f", "#c9455a", OCHRE)[(i + j) % 3])
    a.path("M540 904V760q0 -70 60 -84q60 14 60 84V904Z", "#3f7d74")
    a.path("M556 904V764q0 -56 44 -68q44 12 44 68V904Z", "#559a8f")
    a.circ(628, 810, 9, OCHRE)
    roof = "M240 640L372 392Q380 378 398 378H802Q820 378 828 392L960 640Q964 662 936 662H264Q236 662 240 640Z"

    def tiles():
        for row in range(6):
            y = 400 + row * 46
            d = "".join(f"M{x} {y}a29 32 0 0 0 58 0" for x in range(180 + (row % 2) * 29, 1040, 58))
            a.line(d, "#8f3c22", 6, op=.6)
    a.solid(roof, TERRA, "d", tiles)
    a.line("M300 668H900", a.ink, 14, op=.18)
    a.solid("M640 430V300H740V430Z", "#d98a5e", "h")
    a.path(rrect(626, 276, 128, 38, 14), a.slab("#e7a178"))
    a.gloss("M392 404L284 608", 14, .35)
    for x, y, r in ((700, 236, 22), (726, 190, 30), (772, 140, 40)):
        a.circ(x, y, r, "#fffdf6", op=.55)


@pic("pomegranate-jar", CAT, 1, "pointed")
def pomegranate(a):
    a.shadow(600, 1000, 270)
    crown = "M534 350C520 300 500 268 470 232C512 246 536 240 548 214C562 240 578 252 600 196C622 252 638 240 652 214C664 240 688 246 730 232C700 268 680 300 666 350Z"
    a.solid(crown, "#b32b34", "h")
    a.path("M536 338C540 310 560 296 600 296S660 310 664 338Z", "#6f1522", op=.5)
    body = "M600 340C760 340 905 450 915 650C924 830 800 1000 600 1000S276 830 285 650C295 450 440 340 600 340Z"

    def deco():
        a.path("M600 340C480 420 430 700 500 1000H600Z", "#a31f2c", op=.25)
        a.path(oval(780, 520, 180, 140), "#e2603c", op=.35, filter=a.blur(40))
        a.path("M200 905Q600 990 1000 905V1010H200Z", "#7c1622", op=.7)
        a.specks(300, 380, 900, 900, 40, "#ffb08a", 9, .4)
    a.solid(body, "#c5303a", "ball", deco)
    a.line("M314 560Q600 650 886 560", "#7a1420", 8)
    a.line("M314 551Q600 640 886 551", "#f08a7a", 4, op=.7)
    d = ""
    for x, y, _ in a.ringpts(600, 712, 306, 9, .16, .95):
        d += star(x, y, 34, 15, 4)
    a.path(d, "#f5c46a", op=.9)
    a.gloss("M404 470q-56 70 -66 160", 30, .55)
    a.gloss("M440 428l10 -8", 26, .55)


@pic("kiln-forty-tea-bowl", CAT, 2, "arch")
def tea_bowl(a):
    a.shadow(610, 1050, 360, 60)
    a.solid("M240 860H960V1050H240Z", BEECH, "d")
    a.path("M240 860l60 -70H900l60 70Z", light(BEECH, .3))
    a.line("M240 904H960", dark(BEECH, .35), 6)
    d = "".join(f"M250 {y}q180 {dy} 350 0t350 {dy}" for y, dy in ((930, 12), (965, -10), (1004, 14), (884, -6)))
    a.line(d, dark(BEECH, .3), 3, op=.6)
    a.line("M420 790V1046M780 790V1046", "#7d2f3a", 26, stroke_linecap="butt")
    a.shadow(600, 830, 150, 22)
    body = lathe(600, [(420, 290), (440, 296), (560, 282), (680, 222), (750, 138), (772, 112, 1), (826, 104)], .2)

    def deco():
        d, e = "", ""
        for i in range(64):
            b = math.pi * (i + a.random.uniform(.2, .8)) / 64
            x, y = 600 - 290 * math.cos(b), 420 + 58 * math.sin(b)
            h = a.random.uniform(120, 290)
            bit = f"M{x:.0f} {y:.0f}Q{x:.0f} {y + h * .6:.0f} {600 + (x - 600) * .8:.0f} {y + h:.0f}"
            if i % 3:
                d += bit
            else:
                e += bit
        a.line(d, "#c07f2c", 5, op=.75)
        a.line(e, "#f0bd5c", 4, op=.85)
        a.path("M380 758Q600 800 820 758V860H380Z", "#9c6a45")
        a.line("M300 690Q440 800 600 756T900 700", "#1d1318", 30)
    a.solid(body, "#2b1a1c", deco=deco)
    a.rim(600, 420, 290, .2, "#b8803a", "#3a2018", 13)
    a.gloss("M368 520q10 90 60 150", 16, .4)


@pic("kiln-forty-tea-bowl-2", CAT, 0, "tiles")
def tea_bowl_top(a):
    a.drop(oval(600, 600, 400), 34, 44, .45, 26)
    a.circ(600, 600, 400, a.slab("#9c6a2e", .3, .5))
    a.circ(600, 600, 384, a.rad((0, "#1a0f12"), (.7, "#2b1a1c"), (1, "#5a3420")))
    d = ["", ""]
    for i in range(120):
        b = math.radians(i * 3 + a.random.uniform(-1, 1))
        r = a.random.uniform(235, 300)
        d[i % 2] += f"M{600 + 378*math.cos(b):.0f} {600 + 378*math.sin(b):.0f}L{600 + r*math.cos(b):.0f} {600 + r*math.sin(b):.0f}"
    a.line(d[0], "#d99a3d", 5, op=.85)
    a.line(d[1], "#f3c568", 3, op=.75)
    a.circ(600, 600, 400, a.lin((0, "#fff8ea", .25), (.5, "#fff8ea", 0), (1, "#000", .3), to=(1, 1)))
    a.circ(600, 600, 262, a.rad((0, "#b9c95a"), (.75, "#8fa83f"), (1, "#5f7a2a"), at=(.42, .4), r=.65))
    a.circ(600, 600, 255, "none", stroke="#d9e39a", w=5, op=.6)
    for i in range(22):
        b, r = a.random.uniform(0, 6.28), a.random.uniform(200, 244)
        a.circ(600 + r * math.cos(b), 600 + r * math.sin(b), a.random.uniform(4, 12), "#dfe8a8", op=.8)
    a.path("M420 560A190 190 0 0 1 560 424L576 460A160 160 0 0 0 460 570Z", "#fff", op=.3)
    a.path(leaf(880, 1010, 170, 80, -24), "#7a8f3a")
    a.line("M886 1008l140 -62", "#b8c77a", 5)
