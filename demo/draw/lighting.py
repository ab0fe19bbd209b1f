"""Lighting: dusk rooms, so that lamps can glow."""
import math

from .palette import BRASS, IRON, dark, light
from .shapes import lathe, oval, pic, rrect, star

CAT = "lighting"
WARM = "#ffd98a"


def cord(a, x, y, colour="#1c1826", w=8):
    a.line(f"M{x} -10V{y}", colour, w, stroke_linecap="butt")


@pic("paper-globe-pendant", CAT, 0, "dusk")
def paper_globe(a):
    cord(a, 600, 210)
    a.glow(600, 560, 620, WARM, .6)
    a.solid("M572 200h56l10 40h-76z", IRON, "h")
    a.path(lathe(600, [(232, 92), (300, 218), (420, 322), (560, 360), (700, 322), (820, 218), (886, 92)], .12),
           a.rad((0, "#fffdf0"), (.45, "#ffeec2"), (.8, "#f6cf8e"), (1, "#d99c5c"), at=(.5, .56), r=.56))
    d, e = "", ""
    for i in range(1, 22):
        y = 232 + i * 31.1
        t = (y - 560) / 328
        r = 360 * math.sqrt(max(0, 1 - t * t * .93))
        sag = 26 * t + (3 if i % 3 else -3)
        d += f"M{600 - r:.0f} {y:.0f}Q600 {y + sag:.0f} {600 + r:.0f} {y:.0f}"
        e += f"M{600 - r * .9:.0f} {y + 7:.0f}Q600 {y + sag + 7:.0f} {600 + r * .9:.0f} {y + 7:.0f}"
    a.line(d, "#b9793f", 4, op=.55)
    a.line(e, "#fffbe8", 5, op=.5)
    a.ell(600, 232, 92, 12, "#c78d52")
    a.ell(600, 886, 92, 14, "#fff6d6")
    a.ell(600, 886, 92, 14, "none", stroke="#b9793f", w=5)
    a.ell(600, 1090, 330, 50, a.fade(WARM, .45))


def mosaic(a, tones, hot, metal):
    a.line("M600 -10V176", metal, 12, stroke_dasharray="16 9", stroke_linecap="butt")
    a.glow(600, 640, 620, hot, .65)
    a.solid(lathe(600, [(176, 20), (196, 34), (214, 24), (240, 60), (300, 128, 1), (330, 136)], .1), metal, "h")
    a.line("M474 318C380 380 330 500 330 620M726 318C820 380 870 500 870 620", dark(metal, .25), 14)
    globe = oval(600, 620, 290)

    def tiles():
        a.circ(600, 620, 292, "#2a1622")
        groups = {}
        rows = 13
        for r in range(rows):
            lat0, lat1 = -math.pi / 2 + math.pi * r / rows, -math.pi / 2 + math.pi * (r + 1) / rows
            r0, r1 = 288 * math.cos(lat0), 288 * math.cos(lat1)
            y0, y1 = 620 + 288 * math.sin(lat0), 620 + 288 * math.sin(lat1)
            count = 12
            for c in range(count):
                t0, t1 = math.pi * (c + .07) / count, math.pi * (c + .93) / count
                k0, k1 = -math.cos(t0), -math.cos(t1)
                quad = [(600 + r0 * k0, y0 + 3), (600 + r0 * k1, y0 + 3), (600 + r1 * k1, y1 - 3), (600 + r1 * k0, y1 - 3)]
                tone = tones[(abs(c * 2 - 11) // 2 + (r if r < 7 else 12 - r)) % len(tones)]
                groups.setdefault(tone, []).append("M" + " ".join(f"{x:.0f} {y:.0f}" for x, y in quad) + "z")
        for tone, quads in groups.items():
            a.path("".join(quads), tone)
        a.circ(600, 640, 292, a.rad((0, "#fffbe6", .9), (.4, hot, .45), (.75, hot, 0), (1, "#180a14", .6), at=(.5, .54), r=.52))
    with a.g(clip=a.clip(globe)):
        tiles()
    a.path(globe, "none", stroke=metal, stroke_width=8)
    a.solid(lathe(600, [(884, 118), (910, 112), (950, 50), (970, 20), (1000, 26), (1030, 6)], .1, "front"), metal, "h")
    a.path(lathe(600, [(330, 140), (356, 150)], .1), a.metal(metal))
    a.line("".join(f"M{x} 898v24" for x in range(506, 700, 24)), dark(metal, .5), 6)
    a.gloss("M404 500q24 -60 70 -98", 16, .6)
    d = ""
    for _ in range(20):
        x, y = a.random.randint(40, 1160), a.random.randint(60, 1150)
        if math.hypot(x - 600, y - 620) > 380:
            s = a.random.uniform(10, 26)
            d += f"M{x} {y - s:.0f}l{s*.7:.0f} {s:.0f}l{-s*.7:.0f} {s:.0f}l{-s*.7:.0f} {-s:.0f}z"
    a.path(d, tones[0], op=.35)


@pic("mosaic-lantern", CAT, 2, "dusk")
def mosaic_ember(a):
    mosaic(a, ["#f4b23c", "#e2582f", "#c22f45", "#f7d98a", "#e58a2e"], "#ffc46b", BRASS)


@pic("mosaic-lantern-2", CAT, 1, "dusk")
def mosaic_peacock(a):
    mosaic(a, ["#35b8b0", "#2f6fc4", "#6ad0a0", "#e9f0c8", "#274b9c", "#8ad8e6"], "#a8f0e0", "#b8a06a")


@pic("mushroom-table-lamp", CAT, 0, "dusk")
def mushroom(a):
    a.glow(600, 520, 640, "#ffb98a", .6)
    a.shadow(610, 1000, 260, op=.6)
    a.ell(600, 1000, 400, 70, a.fade("#ffc79a", .6))
    a.line("M740 985Q900 1010 960 1100T1210 1150", "#e9d9c4", 9)
    stem = lathe(600, [(560, 92), (700, 84), (840, 104), (940, 170), (985, 196, 1), (1000, 194)], .13)
    a.path(stem, a.lin((0, "#fff1d6"), (.4, "#ffcfa6"), (1, "#e08a62")))
    a.path(stem, a.shade("h", .7))
    cap = "M230 560C236 350 400 230 600 230S964 350 970 560C972 610 930 622 880 616Q600 580 320 616C270 622 228 610 230 560Z"
    a.path(cap, a.rad((0, "#fff8e2"), (.4, "#ffd9a4"), (.75, "#f79d68"), (1, "#d2633f"), at=(.5, .75), r=.75))
    a.path("M320 616Q600 580 880 616Q760 652 600 652T320 616Z", a.lin((0, "#ffe9c4"), (1, "#fffaf0")))
    a.gloss("M314 460Q350 340 470 290", 26, .6)
    a.gloss("M516 272l14 -4", 24, .6)
    a.line("M250 570C270 380 410 262 600 250S930 380 950 570", "#fff4dc", 4, op=.35)


@pic("brass-desk-lamp", CAT, 1, "dusk")
def desk_lamp(a):
    beam = "M300 505L90 1010Q350 1070 700 1000L560 420Z"
    a.path(beam, a.lin((0, WARM, .65), (1, WARM, .06)))
    a.ell(385, 1010, 320, 55, a.fade("#ffe2a0", .65))
    a.shadow(780, 1010, 190, op=.6)
    with a.g(tf="rotate(-4 420 990)"):
        a.path("M250 985L420 960 590 985 420 1012Z", "#f3e6cc")
        a.path("M250 985L420 1012V1040L250 1012ZM590 985L420 1012V1040L590 1012Z", "#8d3b3f")
        a.line("M262 1000L420 1026 580 1000", "#fff6e2", 10)
    a.line("M770 960L850 620 560 320", dark(BRASS, .5), 34)
    a.line("M768 960L847 620", a.metal(BRASS), 24)
    a.line("M845 617L556 318", a.metal(BRASS, (.5, -.5)), 24)
    for x, y, r in ((848, 620, 36), (560, 322, 32)):
        a.circ(x, y, r, dark(BRASS, .4))
        a.circ(x - 2, y - 2, r - 6, a.slab(BRASS, .5, .3))
        a.circ(x - 2, y - 2, 9, dark(BRASS, .55))
    a.solid(lathe(770, [(940, 40), (960, 70), (975, 160), (1000, 176, 1), (1014, 176)], .16, "front"), BRASS, "h", strength=1.4)
    with a.g(tf="rotate(36 480 350)"):
        a.path(oval(480, 506, 194, 34), "#fff6d8")
        a.ell(480, 512, 70, 40, "#fffdf2")
        shade = "M444 276H516L524 320C620 350 676 420 680 506Q480 548 280 506C284 420 340 350 436 320Z"
        a.path(shade, a.metal(BRASS))
        a.path("M280 506Q480 548 680 506L678 488Q480 530 282 488Z", dark(BRASS, .35))
        a.path(rrect(440, 236, 80, 50, 16), a.metal(BRASS))
    a.glow(390, 480, 200, "#fff2c4", .5)


@pic("punched-tin-lantern", CAT, 2, "dusk")
def tin_lantern(a):
    a.glow(600, 640, 640, WARM, .55)
    a.shadow(610, 1030, 270, op=.6)
    a.ell(600, 1030, 420, 70, a.fade(WARM, .55))
    d = "".join(star(x, y, s, s * .4, 4) for x, y, s in (
        (130, 300, 26), (230, 520, 18), (110, 720, 20), (1060, 260, 24), (980, 480, 18), (1090, 640, 22), (250, 160, 16), (930, 130, 18), (170, 960, 14), (1040, 900, 16)))
    a.path(d, WARM, op=.45)
    tin = "#4d4a57"
    a.circ(600, 168, 70, "none", stroke=tin, w=18)
    a.circ(598, 165, 70, "none", stroke="#85818f", w=6)
    hot = a.rad((0, "#fff8d8"), (.6, "#ffdf8e"), (1, "#f0a53e"), at=(.5, .5), r=.7)
    body = lathe(600, [(480, 232), (1000, 232, 1), (1004, 232)], .12, "front")

    def punched():
        big, dots = "", ""
        for row, y in enumerate((590, 760, 930)):
            for i in range(5):
                b = math.pi * (i + .5 + (.5 if row % 2 else 0)) / 5.5
                if b > 3.1:
                    continue
                x, yy = 600 - 222 * math.cos(b), y + 24 * math.sin(b)
                w = max(.25, math.sin(b))
                for j in range(8):
                    c = j * math.pi / 4
                    big += f"M{x:.0f} {yy:.0f}l{math.cos(c - .32) * 34 * w:.0f} {math.sin(c - .32) * 34:.0f} {math.cos(c) * 28 * w - math.cos(c - .32) * 12 * w:.0f} {math.sin(c) * 28 - math.sin(c - .32) * 12:.0f}z"
                    dots += f"M{x + math.cos(c) * 62 * w:.0f} {yy + math.sin(c) * 62:.0f}h0"
        a.path(big, hot)
        a.line(dots, "#ffe6a0", 11)
        for y in (500, 672, 844):
            a.line("".join(f"M{x:.0f} {yy:.0f}h0" for x, yy, _ in a.ringpts(600, y, 228, 26, .12)), "#ffd37a", 8)
    a.solid(body, tin, "h", punched, 1.1)
    dome = lathe(600, [(232, 30), (250, 46), (300, 76), (380, 180), (450, 252, 1), (482, 256)], .12)

    def rays():
        d = ""
        for i in range(9):
            k = -math.cos(math.pi * (i + .5) / 9)
            for t in range(5):
                y = 300 + t * 34
                d += f"M{600 + k * (70 + t * 40):.0f} {y + 16 * (1 - k * k):.0f}h0"
        a.line(d, "#ffdc8a", 13)
    a.solid(dome, "#57535f", "h", rays)
    a.path(f"M344 482A256 31 0 0 0 856 482V504A256 31 0 0 1 344 504Z", a.metal("#6a6673"))
    a.path(f"M356 1000A244 30 0 0 0 844 1000V1028A244 30 0 0 1 356 1028Z", a.metal("#6a6673"))
    a.solid(rrect(574, 210, 52, 40, 12), "#6a6673", "h")


@pic("beeswax-tapers", CAT, 2, "dusk")
def tapers(a):
    wax = "#e8a93c"
    for x, y in ((330, 250), (560, 370)):
        a.glow(x, y, 420, WARM, .55)
    a.shadow(350, 1000, 150, op=.6)
    a.shadow(570, 1030, 150, op=.6)

    def taper(x, top, bottom, r, burnt=True):
        d = lathe(x, [(top, r * .55), (top + 20, r * .72), (bottom - 60, r), (bottom, r)], .2)
        a.path(d, a.lin((0, "#ffe9a8"), (.2, "#f7c65a"), (1, wax)))
        a.path(d, a.shade("h", .9))
        if burnt:
            a.line(f"M{x} {top + 2}v-24", "#3a2a22", 6)
            a.path(f"M{x} {top - 110}C{x + 10} {top - 80} {x + 30} {top - 56} {x + 26} {top - 30}C{x + 22} {top - 4} {x - 22} {top - 4} {x - 26} {top - 30}C{x - 30} {top - 56} {x - 8} {top - 80} {x} {top - 110}Z",
                   a.rad((0, "#fffdf0"), (.5, "#ffe08a"), (1, "#f79a34"), at=(.5, .75), r=.6))
            a.path(f"M{x + r * .3:.0f} {top + 6}q8 40 4 80q10 10 14 -10q2 -40 -2 -64z", "#ffdf94", op=.8)

    for x, top, base in ((340, 300, 1000), (565, 430, 1030)):
        taper(x, top, base - 130, 32)
        a.solid(lathe(x, [(base - 190, 54), (base - 170, 50), (base - 140, 36), (base - 120, 28), (base - 90, 44), (base - 60, 26),
                          (base - 40, 60), (base - 14, 132, 1), (base, 132)], .16), BRASS, "h", strength=1.5)
        a.ell(x, base - 190, 54, 9, light(BRASS, .3))
        a.ell(x, base - 190, 36, 6, dark(wax, .3))
    a.shadow(890, 1040, 240, op=.55)
    for i, (x, y) in enumerate(((760, 880), (850, 900), (940, 905), (1030, 890))):
        with a.g(tf=f"rotate({(-7, -2, 3, 8)[i]} 890 1040)"):
            taper(780 + i * 66, 520 + (i % 2) * 14, 1040, 32, False)
            a.line(f"M{780 + i * 66} {522 + (i % 2) * 14}q-6 -30 12 -54", "#f3e6cc", 6)
    tie = "M748 800Q890 840 1024 800V850Q890 892 748 850Z"
    a.solid(tie, "#a5483f", "h")
    a.path("M880 840q-90 -70 -100 0q20 40 100 0q90 -70 104 -6q-20 46 -104 6z", "#c25a4c")
    a.line("M870 846q-20 70 -60 110M892 846q20 70 66 100", "#a5483f", 22)
    a.circ(882, 840, 20, "#8c352f")


@pic("rattan-pendant", CAT, 1, "dusk")
def rattan(a):
    cord(a, 600, 260)
    a.path("M300 760L120 1200H1080L900 760Z", a.lin((0, WARM, .5), (1, WARM, .03)))
    a.glow(600, 640, 480, WARM, .65)
    a.circ(600, 640, 74, "#fffbe8")
    bell = lathe(600, [(250, 60), (300, 90), (400, 200), (560, 300), (700, 336), (768, 330)], .13, "front")
    with a.g(clip=a.clip(bell)):
        a.path(bell, a.rad((0, "#ffe2a0", .8), (.7, "#c98d4a", .55), (1, "#6b4630", .7), at=(.5, .75), r=.7))
        up, down = "", ""
        for i in range(-9, 10):
            x0, x1 = 600 + i * 9, 600 + i * 38
            up += f"M{x0} 250C{600 + i * 30 + 60} 420 {x1 + 90} 600 {x1 + 60} 830"
            down += f"M{x0} 250C{600 + i * 30 - 60} 420 {x1 - 90} 600 {x1 - 60} 830"
        a.line(up, "#8a5a30", 11)
        a.line(down, "#dba964", 10)
        a.line(down, "#f7dca6", 3, op=.7)
    for y, r, w in ((330, 124, 16), (430, 226, 14), (560, 303, 14), (668, 333, 14), (762, 334, 26)):
        a.line(f"M{600 - r} {y}A{r} {r * .13:.0f} 0 0 0 {600 + r} {y}", "#7a4c28", w + 4)
        a.line(f"M{600 - r} {y - 3}A{r} {r * .13:.0f} 0 0 0 {600 + r} {y - 3}", a.metal("#d59c55"), w - 2)
    a.line("".join(f"M{600 - 330 + i * 22} {762 + 43 * math.sqrt(max(0, 1 - ((i * 22 - 330) / 332) ** 2)) - 14:.0f}l12 24" for i in range(1, 30)), "#7a4c28", 5, op=.8)
    a.solid(lathe(600, [(206, 34), (216, 56), (262, 62, 1), (268, 62)], .16), IRON, "h")


@pic("festoon-lights", CAT, 0, "plain")
def festoon(a):
    a.rect(0, 0, 1200, 1200, a.lin((0, "#1f2a52"), (.45, "#5a4a80"), (.66, "#c87f82"), (.74, "#e8a67c")))
    a.path("M0 900Q200 800 420 860T820 830T1200 870V1200H0Z", "#2b2748")
    a.path("M0 980Q300 900 640 960T1200 940V1200H0Z", "#1c1a35")
    a.line("".join(f"M{a.random.randint(20, 1180)} {a.random.randint(20, 420)}h0" for _ in range(30)), "#fff6dc", 5, op=.7)
    for x in (110, 1090):
        a.solid(f"M{x - 20} 150H{x + 20}V1200H{x - 20}Z", "#3a2c3a", "h")
        a.circ(x, 146, 32, "#4b3947")
    strands = ((110, 200, 600, 560, 1090, 200, 8), (110, 430, 600, 900, 1090, 400, 9))
    for x0, y0, xc, yc, x1, y1, count in strands:
        a.line(f"M{x0} {y0}Q{xc} {yc} {x1} {y1}", "#14111f", 11)
        for i in range(count):
            t = (i + .5) / count
            x = (1 - t) ** 2 * x0 + 2 * t * (1 - t) * xc + t * t * x1
            y = (1 - t) ** 2 * y0 + 2 * t * (1 - t) * yc + t * t * y1
            with a.g(tf=f"translate({x:.0f} {y:.0f})"):
                a.circ(0, 82, 150, a.fade("#ffc766", .6))
                a.path("M-16 -10H16L20 40H-20Z", "#14111f")
                a.path("M-14 36C-18 50 -44 58 -44 88A44 44 0 0 0 44 88C44 58 18 50 14 36Z",
                       a.rad((0, "#fffdf0"), (.5, "#ffe6a0"), (1, "#f2a748"), at=(.45, .6), r=.62))
                a.line("M-10 62q4 24 10 0q6 24 10 0", "#d9791f", 4)
                a.line("M-26 74q-6 12 0 26", "#fff", 7, op=.8)
